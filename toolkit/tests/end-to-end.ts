/**
 * A function behind the router, end to end: the router's own program, the local Lambda, thousands of requests that each
 * have something of their own, and a look at every answer. One function per mode; each answers as `EchoAnswer` says.
 */
import { randomUUID } from 'node:crypto'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { Agent, type IncomingMessage, request } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import { availablePort } from '../src/dev/ports.ts'
import { locateRouter, RouterProcess } from '../src/dev/router-process.ts'

/** How a function answers: one document, one record per item, or several. */
export type EchoMode = 'buffered' | 'stream' | 'interleaved'

/**
 * What the function under test answers to `POST /<mode>/{id}`: status 200, the header `x-echo-id` with the id of the path,
 * and this as JSON. In streams the body comes in pieces.
 */
export interface EchoAnswer {
  /** `pathParameters.id` */
  id: string
  /** The header `x-secret`. */
  secret: string
  /** The body, as text. */
  body: string
  /** The request id that the item's context says. */
  requestId: string
}

export interface EchoRun {
  /** Of the Lambda API. */
  lambdaUrl: string
  /** ARNs of the functions, by mode. */
  targets: Partial<Record<EchoMode, string>>
  /** Per mode. */
  requests: number
  maxBatchSize: number
}

/** What came of the requests of one mode. */
export interface EchoResult {
  mode: string
  /** Requests whose every part of the answer was right. */
  right: number
  /** What is wrong with the others, at most ten of them. */
  wrong: string[]
  largestBatch: number
}

/** Requests in flight at a time: several batches, so that answers could be mixed up. */
const CLIENTS = 96

/** Sends every mode its requests, and resolves when all are answered. */
export async function runEcho({
  lambdaUrl,
  targets,
  requests,
  maxBatchSize,
}: EchoRun): Promise<EchoResult[]> {
  const router = await startRouter(lambdaUrl, targets, maxBatchSize)
  try {
    const results: EchoResult[] = []
    for (const mode of Object.keys(targets)) results.push(await sendAll(router.url, mode, requests))
    return results
  } finally {
    await router.stop()
  }
}

async function startRouter(lambdaUrl: string, targets: EchoRun['targets'], maxBatchSize: number) {
  const directory = mkdtempSync(join(tmpdir(), 'lpr-end-to-end-'))
  const config = join(directory, 'config.json')
  const port = await availablePort(0, 'the port of the router')
  writeFileSync(config, JSON.stringify(manifest(port, targets, maxBatchSize)))
  const router = await RouterProcess.start({
    program: locateRouter(),
    environment: {
      ...environment,
      LPR_CONFIG_URI: config,
      AWS_ENDPOINT_URL_LAMBDA: lambdaUrl,
    },
    readyUrl: `http://127.0.0.1:${port}/readyz`,
    onLine: () => undefined,
  })
  return {
    url: `http://127.0.0.1:${port}`,
    async stop() {
      await router.stop()
      rmSync(directory, { recursive: true, force: true })
    },
  }
}

const environment = { AWS_REGION: 'us-east-1', AWS_ACCESS_KEY_ID: 'local', AWS_SECRET_ACCESS_KEY: 'local' }

function manifest(port: number, targets: EchoRun['targets'], maxBatchSize: number) {
  const path = ([mode, arn]: [string, string]) => [
    `/${mode}/{id}`,
    {
      post: {
        'x-target-lambda': arn,
        'x-lpr': {
          maxWaitMs: 20,
          maxBatchSize,
          timeoutMs: 60_000,
          invokeMode: mode === 'buffered' ? 'buffered' : 'response_stream',
        },
      },
    },
  ]
  return {
    ListenAddr: `127.0.0.1:${port}`,
    LogLevel: 'warn',
    IncludeBatchHeaders: true,
    Spec: { paths: Object.fromEntries(Object.entries(targets).map(path)) },
  }
}

async function sendAll(url: string, mode: string, requests: number): Promise<EchoResult> {
  const agent = new Agent({ keepAlive: true, maxSockets: CLIENTS })
  const result: EchoResult = { mode, right: 0, wrong: [], largestBatch: 0 }
  const ids = Array.from({ length: requests }, (_, index) => `r-${index}`).values()
  const client = async () => {
    for (const id of ids) count(result, await exchange(agent, `${url}/${mode}/${id}`, id))
  }
  await Promise.all(Array.from({ length: CLIENTS }, client))
  agent.destroy()
  return result
}

interface Exchange {
  problems: string[]
  batchSize: number
}

function count(result: EchoResult, { problems, batchSize }: Exchange): void {
  if (problems.length === 0) result.right += 1
  else if (result.wrong.length < 10) result.wrong.push(problems.join('; '))
  result.largestBatch = Math.max(result.largestBatch, batchSize)
}

async function exchange(agent: Agent, url: string, id: string): Promise<Exchange> {
  const secret = randomUUID()
  const body = `${id}: Grüße, 日本, 😀, ${secret}`
  try {
    const response = await post(agent, url, secret, body)
    const requestId = String(response.headers['x-lpr-request-id'])
    const expected: EchoAnswer = { id, secret, body, requestId }
    return {
      problems: problemsOf(expected, response, await text(response)),
      batchSize: Number(response.headers['x-lpr-batch-size'] ?? 0),
    }
  } catch (error) {
    return { problems: [`${id}: ${error}`], batchSize: 0 }
  }
}

function post(agent: Agent, url: string, secret: string, body: string): Promise<IncomingMessage> {
  return new Promise((resolve, reject) => {
    const headers = {
      'x-secret': secret,
      'content-type': 'text/plain',
      'content-length': Buffer.byteLength(body),
    }
    request(url, { agent, method: 'POST', headers }, resolve).on('error', reject).end(body)
  })
}

function problemsOf(expected: EchoAnswer, { statusCode, headers }: IncomingMessage, body: string): string[] {
  const { id } = expected
  if (statusCode !== 200) return [`${id}: expected status 200, got ${statusCode} ${body}`]
  const problems =
    headers['x-echo-id'] === id ? [] : [`${id}: expected x-echo-id, got ${headers['x-echo-id']}`]
  const answer = JSON.parse(body) as Record<string, unknown>
  for (const [name, value] of Object.entries(expected)) {
    if (answer[name] !== value) problems.push(`${id}: ${name}: expected ${value}, got ${answer[name]}`)
  }
  return problems
}
