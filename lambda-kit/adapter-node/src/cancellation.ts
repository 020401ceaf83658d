type Listener = (reason: unknown) => void

/** Happens once at most, with a reason. Every item waits by one several times, so it is lighter than an AbortSignal. */
export class Cancellation {
  readonly #listeners = new Set<Listener>()
  #cancelled = false
  #reason: unknown

  get cancelled(): boolean {
    return this.#cancelled
  }

  get reason(): unknown {
    return this.#reason
  }

  cancel(reason: unknown): void {
    if (this.#cancelled) return
    this.#cancelled = true
    this.#reason = reason
    for (const listener of this.#listeners) listener(reason)
    this.#listeners.clear()
  }

  /** Called once, at once if it has happened already. */
  onCancel(listener: Listener): void {
    if (this.#cancelled) listener(this.#reason)
    else this.#listeners.add(listener)
  }

  offCancel(listener: Listener): void {
    this.#listeners.delete(listener)
  }

  throwIfCancelled(): void {
    if (this.#cancelled) throw this.#reason
  }

  /** The promise's outcome, or a rejection with the reason if that comes first. Leaves no listener behind. */
  race<T>(promise: PromiseLike<T>): Promise<T> {
    return new Promise((resolve, reject) => {
      this.onCancel(reject)
      promise.then(
        (value) => {
          this.#listeners.delete(reject)
          resolve(value)
        },
        (error) => {
          this.#listeners.delete(reject)
          reject(error)
        },
      )
    })
  }
}
