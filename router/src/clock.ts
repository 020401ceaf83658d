// Not the global of that name, nor in other hot places that of `Buffer`: those are getters, called each time.
import { performance } from 'node:perf_hooks'

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

/** A time in ms, to the microsecond. */
export function roundedMs(ms: number): number {
  return Math.round(ms * 1000) / 1000
}

/** `.001` to `.999` as JSON has them, and nothing for 0. */
const FRACTIONS = Array.from({ length: 1000 }, (_, thousandths) => String(thousandths / 1000).slice(1))

/** `String(roundedMs(ms))`. V8 takes longer to write a fraction than to add up two texts. */
export function msText(ms: number): string {
  const us = Math.round(ms * 1000)
  if (us < 0 || us > Number.MAX_SAFE_INTEGER) return String(roundedMs(ms))
  return `${Math.floor(us / 1000)}${FRACTIONS[us % 1000]}`
}

export const systemClock: Clock = {
  now: () => performance.now(),
  epochMs: () => Date.now(),
  after: (delayMs, callback) => new SystemTimer(delayMs, callback),
}

class SystemTimer implements Timer {
  readonly #handle: NodeJS.Timeout

  constructor(delayMs: number, callback: () => void) {
    this.#handle = setTimeout(callback, delayMs)
  }

  cancel(): void {
    clearTimeout(this.#handle)
  }
}
