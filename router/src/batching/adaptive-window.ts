import type { AdaptiveWait } from '@lpr/contract'
import { contextOf, GapHistogram, log2OfGap, meanAfter } from './gap-histogram.ts'
import { StoppingPlan } from './stopping-plan.ts'
import type { WindowPolicy, WindowView } from './window.ts'

/** Without a price of its own an invocation is worth the longest wait of this many requests. */
const DEFAULT_PRICE_IN_WAITS = 8
/** So many gaps have to be known before they are trusted. */
const FIRST_GAPS = 4
/** Up to so many gaps the key is young: the plan is made anew often, and thoroughly. */
const YOUNG_GAPS = 64
const YOUNG = { everyGaps: 8, rounds: 5 }
const GROWN = { everyGaps: 64, rounds: 1 }
const HALF_LIFE_GAPS = 1000

/**
 * Waits on as long as the next request is likely enough to come soon: it weighs the waiting of all requests in the batch
 * against `invocationPriceMs`, the price of an invocation, with what it has learned of the gaps between arrivals of its
 * key. `maxWaitMs` caps every wait. Up to 10 KB and about 1 µs a request; docs/adaptive-wait.md says when it pays.
 */
export function adaptiveWindow(
  { invocationPriceMs }: AdaptiveWait,
  maxWaitMs: number,
  maxBatchSize: number,
): WindowPolicy {
  const priceMs = invocationPriceMs ?? DEFAULT_PRICE_IN_WAITS * maxWaitMs
  return new AdaptiveWindow(priceMs, maxWaitMs, maxBatchSize)
}

class AdaptiveWindow implements WindowPolicy {
  readonly stateful = true
  readonly #priceMs: number
  readonly #maxWaitMs: number
  readonly #maxBatchSize: number
  readonly #gaps = new GapHistogram()
  readonly #plan: StoppingPlan
  #gapCount = 0
  #planDueIn = FIRST_GAPS
  #meanLog2: number | undefined
  #context = 0
  #lastAtMs: number | undefined
  /** The batch that the last request joined, and when its answer came. */
  #lastBatchAtMs = 0
  #answeredAtMs: number | undefined

  constructor(priceMs: number, maxWaitMs: number, maxBatchSize: number) {
    this.#priceMs = priceMs
    this.#maxWaitMs = maxWaitMs
    this.#maxBatchSize = maxBatchSize
    this.#plan = new StoppingPlan(priceMs, maxWaitMs, maxBatchSize)
  }

  arrival(nowMs: number, batch: WindowView): number {
    if (this.#lastAtMs !== undefined) this.#learn(this.#lastAtMs, nowMs)
    this.#lastAtMs = nowMs
    this.#lastBatchAtMs = batch.firstAtMs
    this.#answeredAtMs = undefined
    return this.#deadlineMs(nowMs, batch)
  }

  completed(nowMs: number, firstAtMs: number): void {
    if (firstAtMs === this.#lastBatchAtMs) this.#answeredAtMs ??= nowMs
  }

  #learn(lastAtMs: number, nowMs: number): void {
    const log2 = log2OfGap(nowMs - lastAtMs)
    // Whoever waits for an answer before asking again cannot join the batch that the answer is for. So after the answer
    // an arrival says nothing about what waiting longer would have brought.
    if (this.#answeredAtMs === undefined) this.#gaps.arrived(this.#context, log2)
    else this.#gaps.censored(this.#context, log2OfGap(this.#answeredAtMs - lastAtMs))
    this.#meanLog2 = meanAfter(this.#meanLog2 ?? log2, log2)
    this.#context = contextOf(this.#meanLog2)
    this.#gapCount += 1
    this.#planDueIn -= 1
    if (this.#planDueIn <= 0) this.#planAnew()
  }

  #planAnew(): void {
    const { everyGaps, rounds } = this.#gapCount < YOUNG_GAPS ? YOUNG : GROWN
    this.#plan.rebuild(this.#gaps, rounds)
    this.#gaps.fade(0.5 ** (everyGaps / HALF_LIFE_GAPS))
    this.#planDueIn = everyGaps
  }

  #deadlineMs(nowMs: number, { size, firstAtMs, arrivalSumMs }: WindowView): number {
    if (size >= this.#maxBatchSize) return nowMs
    const capMs = firstAtMs + this.#maxWaitMs
    // The moment at which the waits of the batch add up to the price: at most twice the cost of knowing the future.
    if (this.#gapCount < FIRST_GAPS) return Math.min(capMs, (this.#priceMs + arrivalSumMs) / size)
    const waitMs = this.#plan.waitMs(size, this.#context)
    if (waitMs === 0) return nowMs
    return Math.min(nowMs + waitMs, capMs, (2 * this.#priceMs + arrivalSumMs) / size)
  }
}
