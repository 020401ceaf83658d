import { connect } from 'node:net'
import { type Manifest, validateManifest } from '@lpr/contract'
import { ManualClock } from '@lpr/test-kit'
import {
  type Clock,
  InvokeError,
  type InvokeRequest,
  type Invoker,
  Router,
  systemClock,
  Telemetry,
} from '../src/index.ts'
import type { RequestEnded } from '../src/telemetry/events.ts'

export interface BatchEventLike {
  v: number
  meta: Record<string, unknown>
  batch: {
    requestContext: { requestId: string; http: { method: string } }
    headers: Record<string, string>
    body?: string
  }[]
}

/** What a function gives back: all at once, or in chunks. */
export type FunctionAnswer =
  | { kind: 'buffered'; payload: Buffer }
  | { kind: 'stream'; chunks: AsyncIterable<Buffer> }

export type Answer = (
  event: BatchEventLike,
  request: InvokeRequest & { /** Aborted when the router cancels the call. */ signal: AbortSignal },
) => FunctionAnswer | Promise<FunctionAnswer>

/** A function that answers every request with its own event as JSON. */
export const echo: Answer = (event) =>
  buffered(event.batch.map((item) => ({ ...id(item), statusCode: 200, body: JSON.stringify(item) })))

export function id(item: BatchEventLike['batch'][number]): { id: string } {
  return { id: item.requestContext.requestId }
}

export function buffered(responses: object[]): FunctionAnswer {
  return { kind: 'buffered', payload: Buffer.from(JSON.stringify({ v: 1, responses })) }
}

export function stream(lines: AsyncIterable<object>): FunctionAnswer {
  async function* chunks() {
    for await (const line of lines) yield Buffer.from(`${JSON.stringify(line)}\n`)
  }
  return { kind: 'stream', chunks: chunks() }
}

/** Invokes a callback. */
function invokerOf(answer: Answer): Invoker {
  const run = async (request: InvokeRequest, signal: AbortSignal): Promise<Buffer | undefined> => {
    const event = JSON.parse(Buffer.from(request.payload).toString()) as BatchEventLike
    const given = await answer(event, { ...request, signal })
    if (given.kind === 'buffered') {
      // Whatever a function does, a streaming operation has a stream for an answer.
      if (request.mode === 'buffered') return given.payload
      request.onChunk?.(given.payload)
      return undefined
    }
    for await (const chunk of given.chunks) {
      if (signal.aborted) throw new InvokeError('transport', 'cancelled')
      request.onChunk?.(chunk)
    }
    return undefined
  }
  return {
    invoke(request) {
      const abort = new AbortController()
      return { answer: run(request, abort.signal), cancel: (reason) => abort.abort(reason) }
    },
    close: () => undefined,
  }
}

interface Options {
  clock?: Clock
  answer?: Answer
  config?: Record<string, unknown>
  lpr?: Record<string, unknown>
  paths?: Record<string, Record<string, Record<string, unknown>>>
}

/** A router on a free port in front of a function that is a plain callback. */
export async function startRouter({
  answer = echo,
  config = {},
  lpr = {},
  paths,
  clock = systemClock,
}: Options = {}) {
  const operation = (settings: Record<string, unknown>) => ({
    'x-target-lambda': 'arn:aws:lambda:us-east-1:123456789012:function:f',
    'x-lpr': { maxWaitMs: 5, maxBatchSize: 4, ...settings },
  })
  const spec = paths ?? { '/items/{id}': { get: lpr, post: lpr } }
  const document = {
    ListenAddr: '127.0.0.1:0',
    ShutdownDelayMs: 0,
    ...config,
    Spec: {
      paths: Object.fromEntries(
        Object.entries(spec).map(([path, item]) => [
          path,
          Object.fromEntries(Object.entries(item).map(([method, settings]) => [method, operation(settings)])),
        ]),
      ),
    },
  }
  const { manifest, problems } = validateManifest(document)
  if (manifest === undefined) throw new Error(JSON.stringify(problems))
  const events: BatchEventLike[] = []
  const invoker = invokerOf((event, request) => {
    events.push(event)
    return answer(event, request)
  })
  const ended: RequestEnded[] = []
  const telemetry = new Telemetry()
  telemetry.requestEnded.subscribe((event) => ended.push(event))
  const router = new Router(manifest as Manifest, { invoker, telemetry, clock })
  const { port } = await router.start()
  const stop = async (): Promise<void> => {
    const stopped = router.stop()
    if (clock instanceof ManualClock) clock.advance(0)
    router.abort()
    await stopped
  }
  return { router, port, url: `http://127.0.0.1:${port}`, events, ended, stop }
}

/** Sends bytes down a socket and gives back everything that comes until the other side closes. */
export function raw(port: number, bytes: string | Buffer, { halfClose = false } = {}): Promise<string> {
  return new Promise((resolve, reject) => {
    const socket = connect({ port, host: '127.0.0.1', allowHalfOpen: true })
    let received = ''
    socket.setEncoding('latin1')
    socket.on('data', (text: string) => {
      received += text
    })
    socket.on('end', () => {
      socket.end()
      resolve(received)
    })
    socket.on('error', reject)
    socket.write(typeof bytes === 'string' ? Buffer.from(bytes, 'latin1') : bytes)
    if (halfClose) socket.end()
  })
}

/** Status codes of the responses in what came back, interim ones left out. */
export function statuses(received: string): number[] {
  return [...received.matchAll(/HTTP\/1\.1 (\d{3}) /g)]
    .map(([, status]) => Number(status))
    .filter((status) => status >= 200)
}

/** Long enough for a busy machine, short enough to fail before the test's own time limit ends it unexplained. */
const PATIENCE_MS = 20_000

/** Waits until a condition holds; throws if it never does. */
export async function until(condition: () => boolean): Promise<void> {
  const startedAtMs = performance.now()
  while (!condition()) {
    if (performance.now() - startedAtMs > PATIENCE_MS) throw new Error(`never: ${condition}`)
    await new Promise(setImmediate)
  }
}
