import http from 'node:http'
import https from 'node:https'
import { setTimeout as delay } from 'node:timers/promises'
import * as cfnResponse from 'cfn-response-promise'
import { errorText, log } from './log.ts'
import type { CustomResourceEvent, InvocationContext, Reply } from './request.ts'

/** CloudFormation's limit on a whole answer. */
export const MAX_REPLY_BYTES = 4096

export interface ReplyOptions {
  /** For one attempt. */
  timeoutMs?: number
  /** Waits between attempts; their number is that of the retries. */
  retryDelaysMs?: readonly number[]
  /** Certificate authority to trust instead of the usual ones, in PEM. For tests. */
  ca?: string
}

/**
 * Answers CloudFormation. Never throws: there is nobody left to tell, so a failure is logged.
 *
 * The package cfn-response-promise makes the answer, and this file sends it, for the package counts characters where
 * bytes are due, always calls port 443, cannot carry a reason, waits for ever, logs the answer, and ends with
 * `context.done`, which Node.js 24 no longer has.
 */
export async function sendReply(
  event: CustomResourceEvent,
  context: InvocationContext,
  reply: Reply,
  options: ReplyOptions = {},
): Promise<void> {
  try {
    const url = replyUrl(event.ResponseURL)
    const { headers, body } = prepare(event, context, reply)
    await putWithRetries(url, headers, body, options)
  } catch (error) {
    log('error', 'CloudFormation was not told the outcome and will wait for its timeout', {
      StackId: event.StackId,
      LogicalResourceId: event.LogicalResourceId,
      error: errorText(error),
    })
  }
}

interface Prepared {
  headers: http.OutgoingHttpHeaders
  body: Buffer
}

function prepare(event: CustomResourceEvent, context: InvocationContext, reply: Reply): Prepared {
  const { headers, body } = captured(event, context, reply)
  const answer = JSON.parse(body) as Record<string, unknown>
  if (reply.reason !== undefined) answer.Reason = reply.reason
  const bytes = fit(answer)
  return { headers: { ...headers, 'content-length': bytes.length }, body: bytes }
}

/**
 * What the package would send. It calls `https.request` and `console.log` before it returns, so for the time of that
 * one call they are stand-ins; nothing else can run meanwhile. The promise that it returns stays pending.
 */
function captured(
  event: CustomResourceEvent,
  context: InvocationContext,
  { status, data, physicalResourceId }: Reply,
): { headers: http.OutgoingHttpHeaders; body: string } {
  const result = { headers: {}, body: '' }
  const { request } = https
  const { log: print } = console
  const standIn = {
    on: () => undefined,
    write: (body: string) => {
      result.body = body
    },
    end: () => undefined,
  }
  const stub = (options: https.RequestOptions) => {
    Object.assign(result.headers, options.headers)
    return standIn
  }
  Object.assign(https, { request: stub })
  console.log = () => undefined
  try {
    const { logStreamName = 'unknown' } = context
    const standInContext = { logStreamName, done: () => undefined }
    cfnResponse.send(event, standInContext, status, data, physicalResourceId).catch(() => undefined)
  } finally {
    Object.assign(https, { request })
    console.log = print
  }
  return result
}

/** The answer in bytes, its reason shortened until CloudFormation takes it. */
function fit(answer: Record<string, unknown>): Buffer {
  const whole = Buffer.from(JSON.stringify(answer))
  if (whole.length <= MAX_REPLY_BYTES || typeof answer.Reason !== 'string') return whole
  const rest = Buffer.byteLength(JSON.stringify({ ...answer, Reason: '…' }))
  return Buffer.from(JSON.stringify({ ...answer, Reason: shorten(answer.Reason, MAX_REPLY_BYTES - rest) }))
}

/** As many whole characters as fit, counted as JSON writes them, and an ellipsis. */
function shorten(text: string, maxBytes: number): string {
  let kept = ''
  let bytes = 0
  for (const character of text) {
    bytes += Buffer.byteLength(JSON.stringify(character)) - 2
    if (bytes > maxBytes) break
    kept += character
  }
  return `${kept}…`
}

/** HTTPS, or HTTP to this machine, which is what local tools use. */
function replyUrl(text: string): URL {
  const url = new URL(text)
  const isLoopback = /^(localhost|127\.\d+\.\d+\.\d+|\[::1\])$/.test(url.hostname)
  if (url.protocol === 'https:' || (url.protocol === 'http:' && isLoopback)) return url
  throw new Error(`ResponseURL must be https, got ${url.protocol}//${url.hostname}`)
}

async function putWithRetries(
  url: URL,
  headers: http.OutgoingHttpHeaders,
  body: Buffer,
  { timeoutMs = 4000, retryDelaysMs = [200, 1000], ca }: ReplyOptions,
): Promise<void> {
  for (const waitMs of [...retryDelaysMs, undefined]) {
    try {
      const status = await put(url, headers, body, { timeoutMs, ca })
      if (status < 300) return
      if (status < 500 || waitMs === undefined) throw new Refused(`ResponseURL answered ${status}`)
    } catch (error) {
      if (error instanceof Refused || waitMs === undefined) throw error
      log('warn', 'reply failed, trying again', { error: errorText(error) })
    }
    await delay(waitMs)
  }
}

/** Trying again would not help. */
class Refused extends Error {
  override readonly name = 'Refused'
}

function put(
  url: URL,
  headers: http.OutgoingHttpHeaders,
  body: Buffer,
  { timeoutMs, ca }: { timeoutMs: number; ca: string | undefined },
): Promise<number> {
  const options = { method: 'PUT', headers, agent: false as const, signal: AbortSignal.timeout(timeoutMs) }
  return new Promise((resolve, reject) => {
    const request =
      url.protocol === 'https:'
        ? https.request(url, ca === undefined ? options : { ...options, ca })
        : http.request(url, options)
    request.on('response', (response) => {
      response.resume()
      response.on('error', reject)
      response.on('end', () => resolve(response.statusCode ?? 0))
    })
    request.on('error', reject)
    request.end(body)
  })
}
