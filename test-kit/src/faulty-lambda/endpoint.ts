import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { BatchEvent } from '@lpr/contract'
import { answerWell, type Behaviour } from './behaviours.ts'
import { Call, type CallFacts, type ReceivedItem } from './call.ts'

const INVOKE = /^\/2015-03-31\/functions\/([^/]+)\/invocations$/
const INVOKE_STREAM = /^\/2021-11-15\/functions\/([^/]+)\/response-streaming-invocations$/

/**
 * A Lambda endpoint for tests: the wire protocol of Invoke and InvokeWithResponseStream, and any misbehaviour on top.
 * Point `AWS_ENDPOINT_URL_LAMBDA` at `url`.
 */
export class FaultyLambda {
  /** Every invocation in order of arrival. Emptied by `forget`. */
  calls: Call[] = []
  /** Whether `calls` is kept; off for runs so long that it would be a leak. */
  keepCalls = true
  /** Most invocations that were under way at once. */
  peak = 0
  /** What happens to an invocation that no one-off behaviour is queued for. */
  behaviour: Behaviour = answerWell
  readonly #server: Server
  readonly #peaks = new Map<string, number>()
  readonly #inflight = new Map<string, number>()
  #total = 0
  #once: Behaviour[] = []
  #waiting: { count: number; resolve: () => void }[] = []

  private constructor() {
    this.#server = createServer((request, response) => void this.#serve(request, response))
    this.#server.keepAliveTimeout = 0
  }

  static async start(): Promise<FaultyLambda> {
    const endpoint = new FaultyLambda()
    await new Promise<void>((resolve) => endpoint.#server.listen(0, '127.0.0.1', resolve))
    return endpoint
  }

  get url(): string {
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`
  }

  /** Invocations under way. */
  get inflight(): number {
    return this.#total
  }

  /** Most invocations of one function that were under way at once. */
  peakOf(functionName: string): number {
    return this.#peaks.get(functionName) ?? 0
  }

  /** Behaviours of the next invocations, one each. */
  next(...behaviours: Behaviour[]): void {
    this.#once.push(...behaviours)
  }

  /** Resolves with invocation `number`, counted from 1, when it has arrived. */
  async call(number: number): Promise<Call> {
    if (this.calls.length < number) {
      await new Promise<void>((resolve) => this.#waiting.push({ count: number, resolve }))
    }
    const call = this.calls[number - 1]
    if (call === undefined) throw new Error(`invocation ${number} was forgotten`)
    return call
  }

  /** Forgets what has happened, and every behaviour that was set. */
  forget(): void {
    this.calls = []
    this.#once = []
    this.behaviour = answerWell
    this.peak = this.#total
    this.#peaks.clear()
  }

  async close(): Promise<void> {
    const closed = new Promise((resolve) => this.#server.close(resolve))
    this.#server.closeAllConnections()
    await closed
  }

  async #serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    response.on('error', () => undefined)
    try {
      const facts = await read(request)
      if (facts === undefined) {
        response.writeHead(404, { 'x-amzn-errortype': 'UnknownOperationException' }).end('{}')
        return
      }
      const call = new Call(facts, request, response, this.#count(facts.functionName, response))
      if (this.keepCalls) this.calls.push(call)
      this.#announce()
      await (this.#once.shift() ?? this.behaviour)(call)
    } catch (error) {
      // A behaviour that throws is a mistake in the test; the router must not take it for a fault of the wire.
      response.destroy(error as Error)
      this.#fail(error)
    }
  }

  /** Counts an invocation in; the result counts it out, once, before its last byte can have reached the caller. */
  #count(functionName: string, response: ServerResponse): () => void {
    this.#add(functionName, 1)
    this.peak = Math.max(this.peak, this.#total)
    const own = this.#inflight.get(functionName) ?? 0
    this.#peaks.set(functionName, Math.max(this.peakOf(functionName), own))
    let counted = true
    const out = (): void => {
      if (counted) this.#add(functionName, -1)
      counted = false
    }
    response.once('close', out)
    return out
  }

  #add(functionName: string, count: number): void {
    this.#total += count
    this.#inflight.set(functionName, (this.#inflight.get(functionName) ?? 0) + count)
  }

  #announce(): void {
    const due = this.#waiting.filter(({ count }) => this.calls.length >= count)
    this.#waiting = this.#waiting.filter((waiter) => !due.includes(waiter))
    for (const { resolve } of due) resolve()
  }

  #fail(error: unknown): void {
    queueMicrotask(() => {
      throw error
    })
  }
}

async function read(request: IncomingMessage): Promise<CallFacts | undefined> {
  const path = (request.url ?? '').split('?', 1)[0] ?? ''
  const buffered = INVOKE.exec(path)?.[1]
  const streamed = INVOKE_STREAM.exec(path)?.[1]
  const name = buffered ?? streamed
  if (request.method !== 'POST' || name === undefined) return undefined
  const parts: Buffer[] = []
  for await (const part of request) parts.push(part as Buffer)
  const tenantId = request.headers['x-amz-tenant-id']
  return {
    operation: streamed === undefined ? 'Invoke' : 'InvokeWithResponseStream',
    functionName: decodeURIComponent(name),
    tenantId: typeof tenantId === 'string' ? tenantId : undefined,
    event: JSON.parse(Buffer.concat(parts).toString('utf8')) as BatchEvent<ReceivedItem>,
  }
}
