import type { IncomingHttpHeaders } from 'node:http'
import type { Dispatcher } from 'undici'
// The package's index would load all that undici has: 30 ms of every start, and 260 KB of the bundle.
import Pool from 'undici/lib/dispatcher/pool.js'
import type { SignedCall } from './sdk.ts'

/** Longest time to open a connection to Lambda. Answers have no limit of their own: clients' timeouts end the call. */
const CONNECT_TIMEOUT_MS = 3000
/** As long as AWS's own SDKs for other languages keep an idle connection; a new one costs two round trips. */
const IDLE_TIMEOUT_MS = 60_000

/** Told of the answer to one call, in this order; `onFailed` ends it at any time. */
export interface AnswerEvents {
  onHead(statusCode: number, headers: Record<string, string>): void
  onData(bytes: Buffer): void
  onEnd(): void
  /** The connection failed, or the call was aborted; nothing comes after it. */
  onFailed(error: unknown): void
}

/** Connections to Lambda's endpoints, kept open, as many as there may be invocations at once. */
export class LambdaPool {
  readonly #maxConnections: number
  readonly #pools = new Map<string, Pool>()

  constructor(maxConnections: number) {
    this.#maxConnections = maxConnections
  }

  /** Sends a call; the result, like an abort of `signal`, closes its connection, whatever was under way on it. */
  send({ origin, path, headers, body }: SignedCall, signal: AbortSignal, events: AnswerEvents): () => void {
    const call = new Call(signal, events)
    // `dispatch` is what `request` is made of: it hands bytes over as they come, and makes no stream of them.
    this.#pool(origin).dispatch({ method: 'POST', path, headers, body }, call)
    return () => call.cancel(new Error('nobody reads the answer any more'))
  }

  /** Closes every connection. */
  close(): void {
    for (const pool of this.#pools.values()) void pool.destroy()
  }

  #pool(origin: string): Pool {
    const known = this.#pools.get(origin)
    if (known !== undefined) return known
    const pool = new Pool(origin, {
      connections: this.#maxConnections,
      connectTimeout: CONNECT_TIMEOUT_MS,
      keepAliveTimeout: IDLE_TIMEOUT_MS,
      headersTimeout: 0,
      bodyTimeout: 0,
    })
    this.#pools.set(origin, pool)
    return pool
  }
}

/** One call as its connection sees it. */
class Call implements Dispatcher.DispatchHandler {
  readonly #signal: AbortSignal
  readonly #events: AnswerEvents
  readonly #onAbort = (): void => this.cancel(this.#signal.reason as Error)
  #controller: Dispatcher.DispatchController | undefined
  #cancelled: Error | undefined
  #over = false

  constructor(signal: AbortSignal, events: AnswerEvents) {
    this.#signal = signal
    this.#events = events
    if (signal.aborted) this.#onAbort()
    else signal.addEventListener('abort', this.#onAbort, { once: true })
  }

  /** A call that has no connection yet fails at once, and is given up as soon as it gets one. */
  cancel(reason: Error): void {
    this.#cancelled ??= reason
    if (this.#controller === undefined) this.#fail(reason)
    else this.#controller.abort(reason)
  }

  onRequestStart(controller: Dispatcher.DispatchController): void {
    this.#controller = controller
    if (this.#cancelled !== undefined) controller.abort(this.#cancelled)
  }

  onResponseStart(
    _controller: Dispatcher.DispatchController,
    statusCode: number,
    headers: IncomingHttpHeaders,
  ): void {
    // Interim responses (RFC 9110 section 15.2) are no answers.
    if (statusCode >= 200) this.#events.onHead(statusCode, headers as Record<string, string>)
  }

  onResponseData(_controller: Dispatcher.DispatchController, bytes: Buffer): void {
    this.#events.onData(bytes)
  }

  onResponseEnd(): void {
    this.#end()
    this.#events.onEnd()
  }

  onResponseError(_controller: Dispatcher.DispatchController, error: Error): void {
    this.#fail(error)
  }

  #fail(error: Error): void {
    if (this.#over) return
    this.#end()
    this.#events.onFailed(error)
  }

  #end(): void {
    this.#over = true
    this.#signal.removeEventListener('abort', this.#onAbort)
  }
}
