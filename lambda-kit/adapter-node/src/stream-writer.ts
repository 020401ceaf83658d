import type { ResponseStream } from './types.ts'

/** Thrown to whoever writes to a stream that nobody reads any more. */
export class StreamClosedError extends Error {
  override readonly name = 'StreamClosedError'

  constructor() {
    super('the response stream is closed')
  }
}

/**
 * Writes lines to a Lambda response stream, one waiting for room at a time. However many items write, there is one
 * listener for each event; and a stream that breaks wakes every waiter instead of leaving it waiting for `drain`.
 */
export class StreamWriter {
  readonly #stream: ResponseStream
  readonly #onClosed: (error: StreamClosedError) => void
  #closed = false
  #room: Promise<void> | undefined

  constructor(stream: ResponseStream, onClosed: (error: StreamClosedError) => void) {
    this.#stream = stream
    this.#onClosed = onClosed
    stream.once('error', this.#close)
    stream.once('close', this.#close)
  }

  async write(line: string | Uint8Array): Promise<void> {
    if (this.#closed) throw new StreamClosedError()
    const roomLeft = this.#stream.write(line)
    if (!roomLeft) this.#room ??= this.#waitForRoom()
    await this.#room
    if (this.#closed) throw new StreamClosedError()
  }

  end(): void {
    this.#stream.off('close', this.#close)
    if (!this.#closed) this.#stream.end()
  }

  readonly #close = (): void => {
    if (this.#closed) return
    this.#closed = true
    this.#onClosed(new StreamClosedError())
  }

  #waitForRoom(): Promise<void> {
    return new Promise((resolve) => {
      const done = (): void => {
        for (const event of ['drain', 'close', 'error']) this.#stream.off(event, done)
        this.#room = undefined
        resolve()
      }
      for (const event of ['drain', 'close', 'error']) this.#stream.once(event, done)
    })
  }
}
