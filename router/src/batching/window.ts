import type { DynamicWait } from '@lpr/contract'

/** The batch that a window policy decides on, the newest request included. */
export interface WindowView {
  size: number
  /** Arrival of the first request, on the router's clock. */
  firstAtMs: number
  /** Sum of the arrival times of the requests in the batch. */
  arrivalSumMs: number
}

/** Decides how long the batches of one key stay open. One object a key; it may learn. */
export interface WindowPolicy {
  /** Called for each request that joins a batch. Returns when to flush, on the same clock; `nowMs` or less: at once. */
  arrival(nowMs: number, batch: WindowView): number
  /** Called when the invocation of a batch is over, with the arrival of its first request, which names it. */
  completed?(nowMs: number, firstAtMs: number): void
  /** Whether the policy has learned something that is worth keeping while the key is idle. */
  readonly stateful: boolean
}

/** The window opens with the first request and stays open for a set time. */
export function fixedWindow(maxWaitMs: number): WindowPolicy {
  return { stateful: false, arrival: (_nowMs, { firstAtMs }) => firstAtMs + maxWaitMs }
}

/**
 * The window grows with the key's request rate, along a sigmoid from `minWaitMs` to `maxWaitMs`. The rate is the mean
 * of the last samples; it is sampled lazily from the arrivals, so an idle key needs no timer.
 */
export function dynamicWindow(settings: DynamicWait, maxWaitMs: number): WindowPolicy {
  const rate = new SampledRate(settings.samplingIntervalMs, settings.smoothingSamples)
  let waitMs = settings.minWaitMs
  return {
    stateful: true,
    arrival(nowMs, { size, firstAtMs }) {
      if (size === 1) waitMs = sigmoidWaitMs(settings, maxWaitMs, rate.perSecond(nowMs))
      rate.count(nowMs)
      return firstAtMs + waitMs
    },
  }
}

/** The wait at a rate, whole ms; undefined rate: a key without history, which starts at the minimum. */
export function sigmoidWaitMs(settings: DynamicWait, maxWaitMs: number, rps: number | undefined): number {
  const { minWaitMs, targetRps, steepness } = settings
  if (rps === undefined) return minWaitMs
  const share = 1 / (1 + Math.exp(-(rps - targetRps) * steepness))
  return Math.min(maxWaitMs, Math.max(minWaitMs, Math.round(minWaitMs + (maxWaitMs - minWaitMs) * share)))
}

/** Mean of the last `capacity` samples, each the arrivals of one interval. Intervals without arrivals count as zero. */
class SampledRate {
  readonly #intervalMs: number
  readonly #capacity: number
  #samples: number[] = []
  #current = 0
  #intervalStartMs: number | undefined

  constructor(intervalMs: number, capacity: number) {
    this.#intervalMs = intervalMs
    this.#capacity = capacity
  }

  count(nowMs: number): void {
    this.#advance(nowMs)
    this.#current += 1
  }

  perSecond(nowMs: number): number | undefined {
    this.#advance(nowMs)
    if (this.#samples.length === 0) return undefined
    const total = this.#samples.reduce((sum, count) => sum + count, 0)
    return (total / this.#samples.length) * (1000 / this.#intervalMs)
  }

  #advance(nowMs: number): void {
    this.#intervalStartMs ??= nowMs
    const passed = Math.floor((nowMs - this.#intervalStartMs) / this.#intervalMs)
    if (passed < 1) return
    this.#intervalStartMs += passed * this.#intervalMs
    const silent = Math.min(passed - 1, this.#capacity)
    this.#samples.push(this.#current, ...new Array<number>(silent).fill(0))
    this.#samples = this.#samples.slice(-this.#capacity)
    this.#current = 0
  }
}
