import type { Clock, Timer } from '../clock.ts'
import type { Delivery } from './delivery.ts'
import { InvokeError } from './invoker.ts'
import { AnswerReader } from './reader.ts'

export interface StreamLimits {
  /** A stream that has begun and then gives nothing for this long is over. */
  streamIdleTimeoutMs: number
}

/** How long a stream may go on once every request of the batch is answered; ending it cleanly keeps its connection. */
const AFTERLIFE_MS = 1000

/**
 * A streamed answer, from its first chunk to its end. Cancels the call when the stream falls silent, or lives on after
 * the last request has its outcome.
 */
export class StreamedAnswer {
  readonly #delivery: Delivery
  readonly #reader: AnswerReader
  readonly #clock: Clock
  readonly #idleMs: number
  readonly #cancel: (reason: Error) => void
  #timer: Timer | undefined
  #lastAtMs = 0
  #silent = false
  #afterlife = false

  constructor(
    delivery: Delivery,
    clock: Clock,
    { streamIdleTimeoutMs }: StreamLimits,
    cancel: (reason: Error) => void,
  ) {
    this.#delivery = delivery
    this.#reader = new AnswerReader(delivery)
    this.#clock = clock
    this.#idleMs = streamIdleTimeoutMs
    this.#cancel = cancel
  }

  chunk(bytes: Buffer): void {
    this.#reader.push(bytes)
    // Once set, the limit of the afterlife stands: more bytes that nobody waits for must not prolong it.
    if (this.#afterlife) return
    this.#lastAtMs = this.#clock.now()
    if (this.#delivery.complete) this.#beginAfterlife()
    else this.#timer ??= this.#clock.after(this.#idleMs, () => this.#lookIfSilent())
  }

  /** The stream has ended as it should. */
  ended(): void {
    this.#timer?.cancel()
    this.#reader.end()
  }

  /** The call has failed with this error. Gives back what that means for the batch: nothing, if all was said. */
  failed(error: unknown): unknown {
    this.#timer?.cancel()
    if (this.#afterlife) return undefined
    if (!this.#silent) return error
    return new InvokeError('function_error', `the stream gave no record for ${this.#idleMs} ms`, error)
  }

  /** One timer serves for all chunks: when it fires, the rest of the time since the last one is left. */
  #lookIfSilent(): void {
    const leftMs = this.#lastAtMs + this.#idleMs - this.#clock.now()
    if (leftMs > 0) {
      this.#timer = this.#clock.after(leftMs, () => this.#lookIfSilent())
      return
    }
    this.#silent = true
    this.#cancel(new Error('the stream is silent'))
  }

  #beginAfterlife(): void {
    this.#afterlife = true
    this.#timer?.cancel()
    this.#timer = this.#clock.after(AFTERLIFE_MS, () =>
      this.#cancel(new Error('nobody waits for the stream')),
    )
  }
}
