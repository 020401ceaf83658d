/** A clock that moves only when told to; timers fire in order of their due time. Fits the router's `Clock`. */
export class ManualClock {
  #nowMs = 0
  #timers: { dueMs: number; order: number; callback: () => void }[] = []
  #order = 0
  readonly #epochStartMs: number

  constructor(epochStartMs = 1_700_000_000_000) {
    this.#epochStartMs = epochStartMs
  }

  now(): number {
    return this.#nowMs
  }

  epochMs(): number {
    return this.#epochStartMs + Math.floor(this.#nowMs)
  }

  after(delayMs: number, callback: () => void): { cancel(): void } {
    const timer = { dueMs: this.#nowMs + Math.max(0, delayMs), order: this.#order++, callback }
    this.#timers.push(timer)
    const cancel = (): void => {
      this.#timers = this.#timers.filter((other) => other !== timer)
    }
    return { cancel }
  }

  /** Timers that have neither fired nor been cancelled. */
  get pending(): number {
    return this.#timers.length
  }

  /** Moves on by `ms`, firing what falls due on the way. */
  advance(ms: number): void {
    const untilMs = this.#nowMs + ms
    for (;;) {
      const [next] = this.#timers
        .filter(({ dueMs }) => dueMs <= untilMs)
        .sort((a, b) => a.dueMs - b.dueMs || a.order - b.order)
      if (next === undefined) break
      this.#timers = this.#timers.filter((timer) => timer !== next)
      this.#nowMs = Math.max(this.#nowMs, next.dueMs)
      next.callback()
    }
    this.#nowMs = untilMs
  }
}
