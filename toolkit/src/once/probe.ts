import http, { type Agent, type IncomingMessage } from 'node:http'
import https from 'node:https'
import type { RoutePlan } from './plan.ts'

/** What one request brought. */
export interface ProbeResult {
  /** 0 when there was no response. */
  status: number
  /** The router's own error code, when the router made the response. */
  errorCode?: string
  /** Why the exchange failed: no connection, no response in time, or a body cut short. */
  failure?: string
  contentType: string
  batchSize?: number
  batchWaitMs?: number
  totalMs: number
  /** Time to the first byte of the body. */
  firstByteMs?: number
  /**
   * HTTP chunks of the body. More than one says that the router passed the stream on piece by piece; when each piece was
   * sent it does not say, because a function may write all of them at once.
   */
  chunks: number
  /** Server-sent events in the body. */
  events: number
}

export interface ProbeOptions {
  baseUrl: string
  signal?: AbortSignal
}

/** Added to a route's own timeout before the client gives up. */
const GRACE_MS = 5_000

/** Sends all requests of a plan at the same moment and reads each answer to its end. Never throws. */
export async function probeRoute(plan: RoutePlan, { baseUrl, signal }: ProbeOptions): Promise<ProbeResult[]> {
  // One connection for each request: they have to be in flight together.
  const agent = new (moduleFor(baseUrl).Agent)({ keepAlive: true, maxSockets: plan.requests })
  try {
    return await Promise.all(Array.from({ length: plan.requests }, () => probe(plan, baseUrl, agent, signal)))
  } finally {
    agent.destroy()
  }
}

function probe(plan: RoutePlan, baseUrl: string, agent: Agent, signal?: AbortSignal): Promise<ProbeResult> {
  const { method, target, headers, body, route } = plan
  const startedAt = performance.now()
  const limit = AbortSignal.timeout(route.timeoutMs + GRACE_MS)
  const signals = signal ? [signal, limit] : [limit]
  return new Promise((resolve) => {
    const failed = (error: Error): void =>
      resolve({
        status: 0,
        failure: limit.aborted ? `no answer after ${route.timeoutMs + GRACE_MS} ms` : error.message,
        contentType: '',
        totalMs: performance.now() - startedAt,
        chunks: 0,
        events: 0,
      })
    const options = { method, headers, agent, signal: AbortSignal.any(signals) }
    const outgoing = moduleFor(baseUrl).request(new URL(target, baseUrl), options, (response) => {
      readAnswer(response, startedAt).then(resolve, failed)
    })
    outgoing.once('error', failed)
    outgoing.end(body)
  })
}

function moduleFor(baseUrl: string): typeof http | typeof https {
  return baseUrl.startsWith('https:') ? https : http
}

async function readAnswer(response: IncomingMessage, startedAt: number): Promise<ProbeResult> {
  const { chunks, firstByteMs, failure } = await readBody(response, startedAt)
  const contentType = response.headers['content-type'] ?? ''
  return {
    status: response.statusCode ?? 0,
    ...optional('errorCode', text(response, 'x-lpr-error')),
    ...optional('failure', failure),
    contentType,
    ...optional('batchSize', number(response, 'x-lpr-batch-size')),
    ...optional('batchWaitMs', number(response, 'x-lpr-batch-wait-ms')),
    totalMs: performance.now() - startedAt,
    ...optional('firstByteMs', firstByteMs),
    chunks: chunks.length,
    events: isEventStream(contentType) ? countEvents(Buffer.concat(chunks).toString('utf8')) : 0,
  }
}

interface Body {
  chunks: Buffer[]
  firstByteMs: number | undefined
  failure: string | undefined
}

/** Listens for data instead of iterating: iteration joins what has arrived meanwhile, and chunks could not be counted. */
function readBody(response: IncomingMessage, startedAt: number): Promise<Body> {
  const chunks: Buffer[] = []
  let firstByteMs: number | undefined
  return new Promise((resolve) => {
    const ended = (failure?: string): void => resolve({ chunks, firstByteMs, failure })
    response.on('data', (chunk: Buffer) => {
      firstByteMs ??= performance.now() - startedAt
      chunks.push(chunk)
    })
    response.once('error', (error) => ended(`the body was cut short: ${error.message}`))
    response.once('close', () => ended(response.complete ? undefined : 'the body was cut short'))
  })
}

export function isEventStream(contentType: string): boolean {
  return contentType.toLowerCase().startsWith('text/event-stream')
}

/** Blocks with a data line; comments and a last block without its blank line do not count. */
function countEvents(body: string): number {
  const blocks = body.split(/\r?\n\r?\n/).slice(0, -1)
  return blocks.filter((block) => /^data:/m.test(block)).length
}

function text(response: IncomingMessage, name: string): string | undefined {
  const value = response.headers[name]
  return Array.isArray(value) ? value[0] : value
}

function number(response: IncomingMessage, name: string): number | undefined {
  const value = text(response, name)
  return value === undefined ? undefined : Number(value)
}

function optional<K extends string, V>(key: K, value: V | undefined): { [key in K]?: V } {
  return value === undefined ? {} : ({ [key]: value } as { [key in K]?: V })
}
