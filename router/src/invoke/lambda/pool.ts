import type { IncomingHttpHeaders } from 'node:http'
import type { Dispatcher } from 'undici'
// The package's index would load all that undici has: 30 ms of every start, and 260 KB of the bundle.
import Pool from 'undici/lib/dispatcher/pool.js'
import type { SignedCall } from './sdk.ts'

/** Longest time to open a connection to Lambda. Answers have no limit of their own: clients' timeouts end the call. */
const CONNECT_TIMEOUT_MS = 3000
/** As long as AWS's own SDKs for other languages keep an idle connection; a new one costs two round trips. */
const IDLE_TIMEOUT_MS = 60_000

/** Told of the answer to one call, in this order. What the first three throw ends the call, and `onFailed` is told it. */
export interface AnswerEvents {
  onHead(statusCode: number, headers: Record<string, string>): void
  onData(bytes: Buffer): void
  onEnd(): void
  /** The connection failed, or the call was cancelled; nothing comes after it. */
  onFailed(error: unknown): void
}

/** A call under way. */
export interface PoolCall {
  /** Closes its connection, whatever was under way on it. */
  cancel(reason: Error): void
}

/** Connections to Lambda's endpoints, kept open, as many as there may be invocations at once. */
export class LambdaPool {
  readonly #maxConnections: number
  readonly #pools = new Map<string, Pool>()

  constructor(maxConnections: number) {
    this.#maxConnections = maxConnections
  }

  send({ origin, path, headers, body }: SignedCall, events: AnswerEvents): PoolCall {
    const call = new Call(events)
    // `dispatch` is what `request` is made of: it hands bytes over as they come, and makes no stream of them.
    this.#pool(origin).dispatch({ method: 'POST', path, headers, body }, call)
    return call
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
class Call implements PoolCall, Dispatcher.DispatchHandler {
  readonly #events: AnswerEvents
  #controller: Dispatcher.DispatchController | undefined
  #cancelled: Error | undefined
  #over = false

  constructor(events: AnswerEvents) {
    this.#events = events
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
    controller: Dispatcher.DispatchController,
    statusCode: number,
    headers: IncomingHttpHeaders,
  ): void {
    // Interim responses (RFC 9110 section 15.2) are no answers.
    if (statusCode < 200 || this.#over) return
    try {
      this.#events.onHead(statusCode, headers as Record<string, string>)
    } catch (error) {
      controller.abort(error as Error)
    }
  }

  onResponseData(controller: Dispatcher.DispatchController, bytes: Buffer): void {
    if (this.#over) return
    try {
      this.#events.onData(bytes)
    } catch (error) {
      controller.abort(error as Error)
    }
  }

  onResponseEnd(): void {
    if (this.#over) return
    try {
      this.#events.onEnd()
      this.#over = true
    } catch (error) {
      // The connection is free already.
      this.#fail(error)
    }
  }

  onResponseError(_controller: Dispatcher.DispatchController, error: Error): void {
    this.#fail(error)
  }

  #fail(error: unknown): void {
    if (this.#over) return
    this.#over = true
    this.#events.onFailed(error)
  }
}
