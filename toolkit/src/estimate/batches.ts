/** What a fixed window makes of random traffic. */
export interface BatchStatistics {
  /** Probability of each batch size; index 0 stands for a batch of one. */
  sizes: number[]
  meanSize: number
  /** Mean time in ms from a request's arrival to the flush of its batch. */
  meanWaitMs: number
}

/**
 * Batches of one batch key that gets `rps` requests a second, arriving independently of each other (Poisson). Exact for a
 * fixed window: its first request opens a batch, and it is flushed when it is full or the window is over. The simulator
 * in benchmark/frontier confirms it.
 */
export function batchStatistics(rps: number, maxWaitMs: number, maxBatchSize: number): BatchStatistics {
  const sizes = sizeProbabilities((rps * maxWaitMs) / 1000, maxBatchSize)
  const meanSize = sizes.reduce((sum, probability, index) => sum + probability * (index + 1), 0)
  return { sizes, meanSize, meanWaitMs: rps > 0 ? addedWaitMs(sizes, rps) / meanSize : 0 }
}

/** A batch has its first request and those that come within the window, up to its limit. */
function sizeProbabilities(expectedMore: number, maxBatchSize: number): number[] {
  const sizes: number[] = []
  // In logarithms: e to the power of minus some hundreds is no number any more.
  let logProbability = -expectedMore
  let left = 1
  for (let more = 0; more < maxBatchSize - 1; more += 1) {
    const probability = expectedMore > 0 ? Math.exp(logProbability) : Number(more === 0)
    sizes.push(probability)
    left -= probability
    logProbability += Math.log(expectedMore) - Math.log(more + 1)
  }
  sizes.push(Math.max(0, left))
  return sizes
}

/**
 * All waits of a batch added up, in ms. While it holds n requests each further ms costs n; it holds n for 1/rps on
 * average, and gets there with the probability that it ends with more than n.
 */
function addedWaitMs(sizes: number[], rps: number): number {
  let sum = 0
  let larger = 1
  for (const [index, probability] of sizes.slice(0, -1).entries()) {
    larger -= probability
    sum += ((index + 1) * Math.max(0, larger) * 1000) / rps
  }
  return sum
}
