/** Gaps are told apart in so many logarithmic buckets, three to a doubling, from 0.05 ms to 3.3 s. */
export const BUCKETS = 48

/** How dense the last arrivals were: mean gap under 0.5 ms, up to 2 ms, up to 8 ms, longer. */
export const CONTEXTS = 4

const BUCKETS_PER_DOUBLING = 3
const SMALLEST_MS = 0.05
const SMALLEST_LOG2 = Math.log2(SMALLEST_MS)

/** Upper end of each bucket in ms; the first begins at 0. */
export const UPPER_MS = Float64Array.from({ length: BUCKETS }, (_, b) => edgeMs(b + 1))
/** Where in a bucket an arrival is taken to be, in ms. */
export const MIDDLE_MS = UPPER_MS.map((upper, b) => (upper + lowerMs(b)) / 2)

// Weights in visits. What one context has not seen yet it borrows from all, and what none has seen from the next shorter gap.
const BORROWED_FROM_ALL = 16
const BORROWED_FROM_SHORTER = 2
// Buckets grow by this factor, so an unchanged rate makes an arrival in the next one that much likelier.
const GROWTH = 2 ** (1 / BUCKETS_PER_DOUBLING)
// Of the mean logarithm of the gaps, the share of the newest gap.
const NEWEST_SHARE = 0.3
const CENTRE_LOG2 = [-2, 0, 2, 4]

/** log2 of a gap in ms, within what the buckets tell apart: one night of silence must not drown the next gaps. */
export function log2OfGap(gapMs: number): number {
  return Math.min(Math.log2(Math.max(gapMs, SMALLEST_MS)), SMALLEST_LOG2 + BUCKETS / BUCKETS_PER_DOUBLING)
}

/** The mean log2 of the gaps after one more. */
export function meanAfter(mean: number, log2: number): number {
  return mean + NEWEST_SHARE * (log2 - mean)
}

/** The context of a mean log2. */
export function contextOf(mean: number): number {
  if (mean < 1) return mean < -1 ? 0 : 1
  return mean < 3 ? 2 : 3
}

/** The context that follows a gap of each bucket, by context and bucket. */
export const NEXT_CONTEXT = Uint8Array.from({ length: CONTEXTS * BUCKETS }, (_, index) => {
  const centre = CENTRE_LOG2[Math.floor(index / BUCKETS)] ?? 0
  return contextOf(meanAfter(centre, Math.log2(MIDDLE_MS[index % BUCKETS] ?? SMALLEST_MS)))
})

/** Gaps between arrivals as a decaying histogram for each context, 3 KiB in all. */
export class GapHistogram {
  readonly #arrived = new Float64Array(CONTEXTS * BUCKETS)
  readonly #censored = new Float64Array(CONTEXTS * BUCKETS)

  /** A gap that an arrival ended by itself. */
  arrived(context: number, log2: number): void {
    add(this.#arrived, context, log2)
  }

  /** A gap of which only the beginning counts: what ended it afterwards was no independent arrival. */
  censored(context: number, log2: number): void {
    add(this.#censored, context, log2)
  }

  fade(factor: number): void {
    for (let i = 0; i < CONTEXTS * BUCKETS; i++) {
      this.#arrived[i] = (this.#arrived[i] ?? 0) * factor
      this.#censored[i] = (this.#censored[i] ?? 0) * factor
    }
  }

  /** Writes the probability that a gap ends in each bucket, given that it reached it, by context and bucket. */
  hazards(out: Float64Array): void {
    ALL_ARRIVED.fill(0)
    ALL_VISITS.fill(0)
    for (let c = 0; c < CONTEXTS; c++) this.#countVisits(c)
    let carried = 0
    for (let b = 0; b < BUCKETS; b++) {
      const arrived = (ALL_ARRIVED[b] ?? 0) + BORROWED_FROM_SHORTER * carried
      const overall = arrived / ((ALL_VISITS[b] ?? 0) + BORROWED_FROM_SHORTER)
      carried = 1 - (1 - overall) ** GROWTH
      for (let i = b; i < CONTEXTS * BUCKETS; i += BUCKETS) {
        const own = (this.#arrived[i] ?? 0) + BORROWED_FROM_ALL * overall
        out[i] = own / ((VISITS[i] ?? 0) + BORROWED_FROM_ALL)
      }
    }
  }

  #countVisits(context: number): void {
    let longer = 0
    for (let b = BUCKETS - 1; b >= 0; b--) {
      const i = context * BUCKETS + b
      const arrived = this.#arrived[i] ?? 0
      const censored = this.#censored[i] ?? 0
      // Who left half way through a bucket counts half.
      const visits = longer + arrived + censored / 2
      longer += arrived + censored
      VISITS[i] = visits
      ALL_VISITS[b] = (ALL_VISITS[b] ?? 0) + visits
      ALL_ARRIVED[b] = (ALL_ARRIVED[b] ?? 0) + arrived
    }
  }
}

// Working space of `hazards`, which never yields: one for all keys.
const VISITS = new Float64Array(CONTEXTS * BUCKETS)
const ALL_VISITS = new Float64Array(BUCKETS)
const ALL_ARRIVED = new Float64Array(BUCKETS)

function add(counts: Float64Array, context: number, log2: number): void {
  const bucket = Math.floor((log2 - SMALLEST_LOG2) * BUCKETS_PER_DOUBLING)
  const index = context * BUCKETS + Math.max(0, Math.min(BUCKETS - 1, bucket))
  counts[index] = (counts[index] ?? 0) + 1
}

function lowerMs(bucket: number): number {
  return bucket === 0 ? 0 : edgeMs(bucket)
}

function edgeMs(index: number): number {
  return SMALLEST_MS * 2 ** (index / BUCKETS_PER_DOUBLING)
}
