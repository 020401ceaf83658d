/**
 * A response body on its way from the connection to whoever iterates over it. It holds what has come and never slows the
 * connection down: an invocation's answer is for many clients, and the slowest of them must not hold up the others.
 */
export class BodyQueue implements AsyncIterable<Buffer> {
  readonly #onAbandoned: () => void
  #held: Buffer[] = []
  #over = false
  #error: unknown
  #wake: (() => void) | undefined

  /** `onAbandoned` is called when iteration stops before the end. */
  constructor(onAbandoned: () => void) {
    this.#onAbandoned = onAbandoned
  }

  push(bytes: Buffer): void {
    this.#held.push(bytes)
    this.#resume()
  }

  end(): void {
    this.#over = true
    this.#resume()
  }

  fail(error: unknown): void {
    this.#error = error
    this.end()
  }

  async *[Symbol.asyncIterator](): AsyncGenerator<Buffer> {
    try {
      while (!this.#over || this.#held.length > 0) {
        const held = this.#held
        this.#held = []
        yield* held
        if (this.#held.length === 0 && !this.#over) await this.#more()
      }
    } finally {
      if (!this.#over) this.#onAbandoned()
    }
    if (this.#error !== undefined) throw this.#error
  }

  #more(): Promise<void> {
    return new Promise((resolve) => {
      this.#wake = resolve
    })
  }

  #resume(): void {
    const wake = this.#wake
    this.#wake = undefined
    wake?.()
  }
}
