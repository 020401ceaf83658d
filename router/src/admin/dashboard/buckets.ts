/** Shared by the router, which counts, and by the page, which draws. */

/** Upper bound of the first bucket, in ms. */
const FIRST_MS = 0.1
/** Buckets a doubling: four bound the error of a percentile at 9 %. */
const PER_DOUBLING = 4
/** The last one is open: its lower bound is above four minutes. */
const LAST = 86

/** Counts by bucket number; only those that are not zero. */
export type Counts = Record<number, number>

/** The bucket that a duration falls into. */
export function bucketOf(ms: number): number {
  if (!(ms > FIRST_MS)) return 0
  return Math.min(LAST, Math.ceil(PER_DOUBLING * Math.log2(ms / FIRST_MS)))
}

/** The largest duration of a bucket, in ms. */
export function upperBoundMs(bucket: number): number {
  return FIRST_MS * 2 ** (bucket / PER_DOUBLING)
}

export function count(counts: Counts, key: number, times = 1): void {
  counts[key] = (counts[key] ?? 0) + times
}

/** The duration that a share of those counted does not exceed, in ms; undefined when nothing was counted. */
export function percentileMs(counts: Counts, share: number): number | undefined {
  const entries = Object.entries(counts).map(([bucket, times]) => [Number(bucket), times] as const)
  const total = entries.reduce((sum, [, times]) => sum + times, 0)
  let left = Math.ceil(total * share)
  for (const [bucket, times] of entries.sort(([a], [b]) => a - b)) {
    left -= times
    if (left <= 0) return upperBoundMs(bucket)
  }
  return undefined
}
