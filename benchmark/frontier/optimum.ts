/**
 * What a schedule costs at least that knows all arrivals beforehand: `priceMs` an invocation, plus the sum of the waits.
 * Dynamic program over where the last batch begins. A batch goes when its last request comes. No request ever waits
 * longer than the price, since an invocation of its own would cost less; that bounds the search, and so may a cap.
 */
export function optimalCostMs(
  arrivals: Float64Array,
  priceMs: number,
  maxBatchSize: number,
  maxWaitMs = priceMs,
): number {
  const longestMs = Math.min(priceMs, maxWaitMs)
  const cost = new Float64Array(arrivals.length + 1)
  for (let end = 1; end <= arrivals.length; end++) {
    const lastMs = arrivals[end - 1] ?? 0
    let waitMs = 0
    let best = Number.POSITIVE_INFINITY
    for (let begin = end - 1; begin >= 0 && begin >= end - maxBatchSize; begin--) {
      const oneMs = lastMs - (arrivals[begin] ?? 0)
      if (oneMs > longestMs) break
      waitMs += oneMs
      best = Math.min(best, (cost[begin] ?? 0) + waitMs)
    }
    cost[end] = best + priceMs
  }
  return cost[arrivals.length] ?? 0
}
