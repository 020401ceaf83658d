import { Cancellation } from './cancellation.ts'
import { StreamGoneError } from './failure.ts'
import type { ResponseStream } from './types.ts'

const WRITTEN = Promise.resolve()

/** Writes to the response stream at the pace its reader takes, and notices when nobody reads any more. */
export class StreamWriter {
  readonly #stream: ResponseStream
  /** Happens, with a StreamGoneError as reason, when the stream failed or was closed from the other side. */
  readonly gone = new Cancellation()
  #ended = false
  #draining: Promise<void> | undefined
  #onDrain = () => {}

  constructor(stream: ResponseStream) {
    this.#stream = stream
    // One listener each however many items write; a stream would warn of a leak.
    stream.on('drain', () => this.#onDrain())
    stream.on('error', (error) => this.#lose('the response stream failed', error))
    stream.on('close', () => this.#lose('the response stream was closed before its end'))
  }

  /** Settles when there is room for more. Rejects with a StreamGoneError once the stream is gone. */
  write(chunk: string | Uint8Array): Promise<void> {
    if (this.#draining !== undefined) return this.#draining.then(() => this.write(chunk))
    if (!this.gone.cancelled && !this.#tryWrite(chunk)) {
      return this.#drained().then(() => this.gone.throwIfCancelled())
    }
    return this.gone.cancelled ? Promise.reject(this.gone.reason) : WRITTEN
  }

  /** Ends the stream and waits until all of it was handed over; at once if it is gone. */
  async end(): Promise<void> {
    if (this.gone.cancelled) return
    this.#ended = true
    await new Promise<void>((resolve) => {
      this.gone.onCancel(() => resolve())
      this.#stream.end(() => resolve())
    })
  }

  #tryWrite(chunk: string | Uint8Array): boolean {
    try {
      return this.#stream.write(chunk)
    } catch (error) {
      this.#lose('the response stream refused a write', error)
      return true
    }
  }

  /** A stream that failed or closed never drains, so that ends the wait too. */
  #drained(): Promise<void> {
    this.#draining ??= new Promise((resolve) => {
      this.#onDrain = () => {
        this.#draining = undefined
        resolve()
      }
      if (this.gone.cancelled) this.#onDrain()
    })
    return this.#draining
  }

  #lose(message: string, cause?: unknown): void {
    if (this.#ended && cause === undefined) return
    this.gone.cancel(new StreamGoneError(message, { cause }))
    this.#onDrain()
  }
}
