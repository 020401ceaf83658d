import { randomUUID } from 'node:crypto'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import { parseFunctionArn } from '@lpr/contract'
import { letHelperThreadsGiveWay } from '../../../router/src/helper-threads.ts'
import { createLambdaInvoker } from '../../../router/src/invoke/lambda.ts'
import { KEEP_ALIVE_MS, readConfig } from './config.ts'

interface Waiting {
  id: string
  arrivedAtMs: number
  event: string
  response: ServerResponse
}

interface LambdaRecord {
  id: string
  type?: 'head' | 'chunk' | 'end'
  statusCode: number
  headers: Record<string, string>
  body: string
}

/**
 * The least that a Node server can do and still batch: every request goes into the one batch that is open, and the
 * answer is believed. No routes, keys, limits, deadlines, checks or telemetry, and a client that leaves is not noticed.
 * The calls are the router's own. What it costs is a floor for any router on `node:http` that calls Lambda like that.
 */
const { port, target: targetArn } = readConfig()
const maxBatchSize = Number(process.env.BENCH_MAX_BATCH_SIZE)
const maxWaitMs = Number(process.env.BENCH_MAX_WAIT_MS)
const streaming = process.env.BENCH_STREAMING === '1'
const target = parseFunctionArn(targetArn)
const invoker = createLambdaInvoker(4096)
let open: Waiting[] = []
let timer: NodeJS.Timeout | undefined

const server = createServer((request, response) => {
  const parts: Buffer[] = []
  request.on('data', (part: Buffer) => parts.push(part))
  request.on('end', () => {
    if (request.url === '/readyz') response.end('ok')
    else join(request, response, parts.length === 1 ? String(parts[0]) : Buffer.concat(parts).toString())
  })
})
server.keepAliveTimeout = KEEP_ALIVE_MS
server.listen({ port, host: '127.0.0.1', backlog: 65_535 })
letHelperThreadsGiveWay()
process.on('SIGTERM', () => process.exit(0))

function join({ method, url, headers }: IncomingMessage, response: ServerResponse, body: string): void {
  const id = `r-${randomUUID()}`
  const requestContext = { http: { method, path: url }, requestId: id, timeEpoch: Date.now() }
  const event = JSON.stringify({ version: '2.0', rawPath: url, headers, requestContext, body })
  open.push({ id, arrivedAtMs: performance.now(), event, response })
  if (open.length >= maxBatchSize) flush()
  else timer ??= setTimeout(flush, maxWaitMs)
}

function flush(): void {
  clearTimeout(timer)
  timer = undefined
  const batch = open
  open = []
  const flushedAtMs = performance.now()
  const byId = new Map(batch.map((waiting) => [waiting.id, waiting]))
  const reply = (record: LambdaRecord): void => {
    const waiting = byId.get(record.id)
    if (waiting !== undefined) apply(record, waiting, flushedAtMs)
  }
  invoke(`{"v":1,"meta":{},"batch":[${batch.map(({ event }) => event).join()}]}`, reply).catch(
    (error: unknown) => {
      console.error(error)
      for (const { response } of batch) response.destroy()
    },
  )
}

async function invoke(payload: string, reply: (record: LambdaRecord) => void): Promise<void> {
  if (target === undefined) throw new Error(`no function: ${targetArn}`)
  const call = { target, payload: Buffer.from(payload), tenantId: undefined }
  if (streaming) {
    // The benchmark's function sends whole lines in each message.
    const onChunk = (chunk: Buffer): void => {
      for (const line of chunk.toString().trimEnd().split('\n')) reply(JSON.parse(line))
    }
    await invoker.invoke({ ...call, mode: 'response_stream', onChunk }).answer
    return
  }
  const answer = await invoker.invoke({ ...call, mode: 'buffered' }).answer
  const { responses } = JSON.parse(String(answer)) as { responses: LambdaRecord[] }
  for (const record of responses) reply(record)
}

function apply(record: LambdaRecord, { response, arrivedAtMs }: Waiting, flushedAtMs: number): void {
  const { type, statusCode, headers, body } = record
  const head = { ...headers, 'x-lpr-batch-wait-ms': (flushedAtMs - arrivedAtMs).toFixed(3) }
  if (type === undefined)
    response.writeHead(statusCode, { ...head, 'content-length': Buffer.byteLength(body) }).end(body, 'latin1')
  else if (type === 'head') response.writeHead(statusCode, head)
  else if (type === 'chunk') response.write(body)
  else response.end()
}
