export interface Timer {
  cancel(): void
}

/** Time as the router sees it; injected, so that no test has to wait. */
export interface Clock {
  /** Monotonic ms with a fraction, for durations and deadlines. */
  now(): number
  /** Unix time in whole ms. */
  epochMs(): number
  /** Calls back once after at least `delayMs`. */
  after(delayMs: number, callback: () => void): Timer
}

export const systemClock: Clock = {
  now: () => performance.now(),
  epochMs: () => Date.now(),
  after(delayMs, callback) {
    const handle = setTimeout(callback, delayMs)
    return { cancel: () => clearTimeout(handle) }
  },
}
