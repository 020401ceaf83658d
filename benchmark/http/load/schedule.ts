import type { Arrivals } from './arrivals.ts'

/** Time for a schedule; injected, so that a test need not wait. */
export interface Pacer {
  now(): number
  /** Calls back at about this time, rather early than late. */
  wake(atMs: number, callback: () => void): void
}

/** Below this a timer would be late: it fires at the next whole ms at best. */
const TIMER_MS = 1.5
/** So long at most nobody looks for answers; they count as that much later. */
const NAP_MS = 0.1

/** To be slept on; nobody ever wakes it. */
const pillow = new Int32Array(new SharedArrayBuffer(4))

/**
 * Sleeps as long as a timer is exact enough. From there it lets the event loop go round and sleeps a little in each turn:
 * going round without sleep would take a whole core, and on a machine with two the subject would wait for the other.
 */
export const realPacer: Pacer = {
  now: () => performance.now(),
  wake(atMs, callback) {
    const leftMs = atMs - performance.now()
    if (leftMs > TIMER_MS) {
      setTimeout(callback, Math.floor(leftMs - 1))
      return
    }
    if (leftMs > 0) Atomics.wait(pillow, 0, 0, Math.min(leftMs, NAP_MS))
    setImmediate(callback)
  },
}

/**
 * Calls `send` once for each arrival, with the time at which it was meant to be. Whatever `send` makes of it, the next
 * ones are due when they are due. Resolves when all are sent.
 */
export function follow(
  arrivals: Arrivals,
  startMs: number,
  pacer: Pacer,
  send: (intendedMs: number, index: number) => void,
): Promise<void> {
  return new Promise((resolve) => {
    let next = 0
    const step = (): void => {
      const now = pacer.now()
      while (next < arrivals.length && startMs + (arrivals[next] ?? 0) <= now) {
        send(startMs + (arrivals[next] ?? 0), next)
        next += 1
      }
      if (next >= arrivals.length) resolve()
      else pacer.wake(startMs + (arrivals[next] ?? 0), step)
    }
    step()
  })
}
