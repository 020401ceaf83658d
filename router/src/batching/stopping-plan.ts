import { BUCKETS, CONTEXTS, type GapHistogram, MIDDLE_MS, NEXT_CONTEXT, UPPER_MS } from './gap-histogram.ts'

/**
 * Beyond this size the plan of the last row holds. It bounds the work of a plan, and it is no loss: to hold so many
 * requests back, the next must be due within a hundredth of the price in ms.
 */
const PLANNED_SIZES = 128

/**
 * For each size of a batch and each context, how long the next arrival is worth waiting for. Optimal stopping by
 * backward induction over the size: to wait on costs `size` ms each ms; an arrival in time saves the price of an
 * invocation and brings the batch to the next size; to stop costs nothing more.
 */
export class StoppingPlan {
  readonly #priceMs: number
  readonly #sizes: number
  readonly #buckets: number
  /** By size and context; row 0 stands for size 1. */
  readonly #waitMs: Float32Array
  /** By context: what a batch that has just begun is worth, negative for a gain. */
  readonly #begunMs = new Float64Array(CONTEXTS)

  constructor(priceMs: number, maxWaitMs: number, maxBatchSize: number) {
    this.#priceMs = priceMs
    this.#sizes = Math.max(0, Math.min(maxBatchSize, PLANNED_SIZES) - 1)
    this.#buckets = bucketsWithin(Math.min(2 * priceMs, maxWaitMs))
    this.#waitMs = new Float32Array(this.#sizes * CONTEXTS)
  }

  /** How long to wait for the next arrival; 0: not at all. */
  waitMs(size: number, context: number): number {
    return this.#waitMs[(Math.min(size, this.#sizes) - 1) * CONTEXTS + context] ?? 0
  }

  /** Plans anew from what the gaps have been, `rounds` times: each brings the worth of a begun batch nearer to the truth. */
  rebuild(gaps: GapHistogram, rounds: number): void {
    gaps.hazards(HAZARD)
    for (let round = 0; round < rounds; round++) this.#induce()
  }

  #induce(): void {
    let next = 0
    NODE_WORTH.fill(0)
    NODE_ARRIVALS.fill(0)
    for (let size = this.#sizes; size >= 1; size--) {
      for (let context = 0; context < CONTEXTS; context++) this.#decide(size, context, next)
      next = CONTEXTS - next
    }
    for (let c = 0; c < CONTEXTS; c++) {
      const begun = this.#begunMs[c] ?? 0
      // A begun batch is worth what the plan says, and the plan was made from that worth. Taken over whole, the two drive
      // each other to extremes; the more arrivals a batch hopes for, the smaller the step has to be.
      this.#begunMs[c] = begun + ((NODE_WORTH[next + c] ?? 0) - begun) / (1 + (NODE_ARRIVALS[next + c] ?? 0))
    }
  }

  /** The best wait at one size in one context. Rows alternate in the working space: `next` is where size + 1 lies. */
  #decide(size: number, context: number, next: number): void {
    let reached = 1
    let gain = 0
    let arrivals = 0
    let best = 0
    let bestArrivals = 0
    let waitMs = 0
    const row = context * BUCKETS
    for (let b = 0; b < this.#buckets; b++) {
      const hazard = HAZARD[row + b] ?? 0
      const after = NEXT_CONTEXT[row + b] ?? 0
      const worth = (NODE_WORTH[next + after] ?? 0) - (this.#begunMs[after] ?? 0)
      const arrives = reached * hazard
      gain += arrives * (size * (MIDDLE_MS[b] ?? 0) - this.#priceMs + worth)
      arrivals += arrives * (1 + (NODE_ARRIVALS[next + after] ?? 0))
      reached -= arrives
      const upperMs = UPPER_MS[b] ?? 0
      const total = gain + size * upperMs * reached
      if (total < best) {
        best = total
        bestArrivals = arrivals
        waitMs = upperMs
      }
    }
    const here = CONTEXTS - next + context
    NODE_WORTH[here] = best
    NODE_ARRIVALS[here] = bestArrivals
    this.#waitMs[(size - 1) * CONTEXTS + context] = waitMs
  }
}

// Working space of `rebuild`, which never yields: one for all keys.
const HAZARD = new Float64Array(CONTEXTS * BUCKETS)
const NODE_WORTH = new Float64Array(2 * CONTEXTS)
const NODE_ARRIVALS = new Float64Array(2 * CONTEXTS)

/** How many buckets begin within a horizon. */
function bucketsWithin(horizonMs: number): number {
  let count = 1
  while (count < BUCKETS && (UPPER_MS[count - 1] ?? 0) <= horizonMs) count += 1
  return count
}
