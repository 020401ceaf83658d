/** Buckets to a doubling; a value is kept to better than 1 %. */
const STEPS = 128
const STEP_BITS = 7
/** The largest value told apart, 2^36 µs: 19 hours. */
const DOUBLINGS = 30

/** A histogram as it travels between processes and into `run.json`: index of the bucket and its count. */
export type HistogramData = [bucket: number, count: number][]

/** Times in whole µs: exact up to 128 µs, from there in logarithmic buckets of under 1 %. Recording costs no memory. */
export class Histogram {
  readonly #counts = new Uint32Array(STEPS * DOUBLINGS)
  #total = 0

  static from(...parts: HistogramData[]): Histogram {
    const histogram = new Histogram()
    for (const part of parts) for (const [bucket, count] of part) histogram.#add(bucket, count)
    return histogram
  }

  /** Counts one value; what is below 0 counts as 0. */
  record(us: number): void {
    this.#add(bucketOf(Math.max(0, Math.round(us))), 1)
  }

  get total(): number {
    return this.#total
  }

  /** The value that this share (0 to 1) of all values does not exceed, in ms; NaN when there is none. */
  percentileMs(share: number): number {
    if (this.#total === 0) return Number.NaN
    const rank = Math.max(1, Math.ceil(share * this.#total))
    let seen = 0
    for (const [bucket, count] of this.#counts.entries()) {
      seen += count
      if (seen >= rank) return middleOf(bucket) / 1000
    }
    return Number.NaN
  }

  get meanMs(): number {
    const sum = this.data().reduce((total, [bucket, count]) => total + middleOf(bucket) * count, 0)
    return sum / this.#total / 1000
  }

  data(): HistogramData {
    return [...this.#counts.entries()].filter(([, count]) => count > 0)
  }

  #add(bucket: number, count: number): void {
    const index = Math.min(bucket, this.#counts.length - 1)
    this.#counts[index] = (this.#counts[index] ?? 0) + count
    this.#total += count
  }
}

function bucketOf(us: number): number {
  if (us < STEPS) return us
  const doubling = Math.floor(Math.log2(us)) - STEP_BITS
  return STEPS * (doubling + 1) + Math.floor(us / 2 ** doubling) - STEPS
}

function middleOf(bucket: number): number {
  if (bucket < STEPS) return bucket
  const doubling = Math.floor(bucket / STEPS) - 1
  const width = 2 ** doubling
  return (STEPS + (bucket % STEPS)) * width + (width - 1) / 2
}
