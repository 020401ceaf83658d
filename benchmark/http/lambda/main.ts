import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { Answers, type FunctionSettings, itemArrivals, itemIds } from './answers.ts'
import { INVOKE_COMPLETE, payloadChunk } from './frames.ts'

/** What has happened since the last reset. */
export interface FunctionCounts {
  invocations: number
  items: number
  /** Invocations by batch size. */
  sizes: [size: number, invocations: number][]
  /** Arrival times of the items, if they are kept. */
  arrivals: number[]
}

export type FunctionReply = { port: number } | { counts: FunctionCounts }

/**
 * A Lambda endpoint with one function of a set service time, in a process of its own. It speaks Invoke and
 * InvokeWithResponseStream, and does as little as they allow.
 */
const settings = JSON.parse(process.argv[2] ?? '') as FunctionSettings
const answers = new Answers(settings)
const sizes = new Map<number, number>()
let arrivals: number[] = []

const server = createServer((request, response) => {
  if (request.url === '/v1/traces') return takeSpans(request, response)
  const startedAtMs = performance.now()
  const parts: Buffer[] = []
  request.on('data', (part: Buffer) => parts.push(part))
  request.on('end', () => {
    const payload = parts.length === 1 && parts[0] !== undefined ? parts[0] : Buffer.concat(parts)
    const ids = itemIds(payload)
    if (settings.keepArrivals) arrivals.push(...itemArrivals(payload))
    const size = ids?.length ?? 1
    sizes.set(size, (sizes.get(size) ?? 0) + 1)
    setTimeout(() => answer(request, response, ids, startedAtMs), settings.serviceMs)
  })
})
server.keepAliveTimeout = 0
server.listen(0, '127.0.0.1', () => process.send?.({ port: (server.address() as AddressInfo).port }))

process.on('message', () => {
  const counted = [...sizes]
  sizes.clear()
  const counts: FunctionCounts = {
    invocations: counted.reduce((sum, [, count]) => sum + count, 0),
    items: counted.reduce((sum, [size, count]) => sum + size * count, 0),
    sizes: counted.sort(([a], [b]) => a - b),
    arrivals,
  }
  arrivals = []
  process.send?.({ counts })
})
process.on('disconnect', () => process.exit(0))

/** A collector that throws away what it is sent, for subjects that are traced. */
function takeSpans(request: IncomingMessage, response: ServerResponse): void {
  request.resume()
  request.on('end', () => response.writeHead(200, { 'content-type': 'application/x-protobuf' }).end())
}

function answer(
  request: IncomingMessage,
  response: ServerResponse,
  ids: string[] | undefined,
  startedAtMs: number,
): void {
  const functionUs = Math.round((performance.now() - startedAtMs) * 1000)
  if (ids !== undefined && request.url?.endsWith('/response-streaming-invocations')) {
    stream(response, ids, functionUs)
    return
  }
  const body = ids === undefined ? answers.plain(functionUs) : answers.envelope(ids, functionUs)
  response.writeHead(200, ['content-type', 'application/json', 'content-length', String(body.length)])
  response.end(body)
}

function stream(response: ServerResponse, ids: string[], functionUs: number): void {
  response.writeHead(200, ['content-type', 'application/vnd.amazon.eventstream'])
  const { events } = settings
  const only = events === undefined
  for (const id of ids) {
    const records = answers.opening(id, functionUs) + (only ? answers.end(id) : '')
    response.write(payloadChunk(Buffer.from(records, 'latin1')))
  }
  if (only) response.end(INVOKE_COMPLETE)
  else sendEvents(response, ids, events.count - 1, events.intervalMs)
}

function sendEvents(response: ServerResponse, ids: string[], count: number, intervalMs: number): void {
  let left = count
  const timer = setInterval(() => {
    const record = left > 0 ? (id: string) => answers.chunk(id) : (id: string) => answers.end(id)
    for (const id of ids) response.write(payloadChunk(Buffer.from(record(id), 'latin1')))
    left -= 1
    if (left >= 0) return
    clearInterval(timer)
    response.end(INVOKE_COMPLETE)
  }, intervalMs)
  response.on('close', () => clearInterval(timer))
}
