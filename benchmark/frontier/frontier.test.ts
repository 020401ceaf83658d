import { FIXED, gapStop } from './baselines.ts'
import { TimeHeap } from './heap.ts'
import { optimalCostMs } from './optimum.ts'
import { PATTERNS } from './patterns.ts'
import { seededRandom } from './random.ts'
import { costMs, simulate } from './simulate.ts'
import { openLoop } from './sources.ts'
import { cappedCases, closedCases, LARGE_PRICE_MS, youngKeys } from './special-cases.ts'
import { study } from './study.ts'

const REQUESTS = 5000

/** Every way to cut the arrivals into batches, for a few arrivals. */
function cheapestByTrial(arrivals: number[], priceMs: number, maxBatchSize: number): number {
  if (arrivals.length === 0) return 0
  const sizes = Array.from({ length: Math.min(maxBatchSize, arrivals.length) }, (_, i) => i + 1)
  const costs = sizes.map((size) => {
    const batch = arrivals.slice(0, size)
    const waits = batch.reduce((sum, atMs) => sum + (batch.at(-1) ?? 0) - atMs, 0)
    return priceMs + waits + cheapestByTrial(arrivals.slice(size), priceMs, maxBatchSize)
  })
  return Math.min(...costs)
}

test('the optimum is the cheapest of all ways to cut the arrivals into batches', () => {
  const random = seededRandom(3)
  for (let round = 0; round < 50; round++) {
    const arrivals = Array.from({ length: 9 }, () => random.between(0, 100)).sort((a, b) => a - b)
    const [priceMs, maxBatchSize] = [random.between(1, 60), 1 + (round % 5)]
    const optimum = optimalCostMs(Float64Array.from(arrivals), priceMs, maxBatchSize)
    expect(optimum).toBeCloseTo(cheapestByTrial(arrivals, priceMs, maxBatchSize), 6)
  }
})

test('a simulated fixed window batches as one would by hand', () => {
  const arrivals = Float64Array.from([0, 4, 9, 12, 13, 40])
  const policy = FIXED.find(({ name }) => name === '10 ms')?.create()
  if (policy === undefined) throw new Error('expected a fixed window of 10 ms')
  // 0, 4 and 9 fill a batch; 12 and 13 go at 22, 40 goes at 50.
  expect(simulate(openLoop(arrivals), { policy, maxBatchSize: 3 })).toEqual({
    requests: 6,
    invocations: 3,
    waitMs: 9 + 5 + 0 + 10 + 9 + 10,
    longestWaitMs: 10,
  })
})

test('a heap gives back what it was given, in order of time', () => {
  const random = seededRandom(4)
  const times = Array.from({ length: 500 }, () => random.between(0, 100))
  const heap = new TimeHeap<number>()
  for (const time of times) heap.push(time, time)
  expect(times.map(() => heap.pop())).toEqual(times.toSorted((a, b) => a - b))
  expect([heap.pop(), heap.nextAtMs]).toEqual([undefined, Number.POSITIVE_INFINITY])
})

test.each(PATTERNS)('$name: ascending arrivals, the same for the same seed', ({ arrivals }) => {
  const times = arrivals(REQUESTS, 9)
  expect(times).toHaveLength(REQUESTS)
  expect(times).toEqual(times.toSorted())
  expect(arrivals(REQUESTS, 9)).toEqual(times)
  expect(arrivals(REQUESTS, 10)).not.toEqual(times)
})

test('no policy beats the optimum', () => {
  for (const { arrivals } of PATTERNS) {
    const times = arrivals(2000, 2)
    const optimum = optimalCostMs(times, 20, 16)
    for (const { create } of [...FIXED, gapStop(20, 16)]) {
      const cost = costMs(simulate(openLoop(times), { policy: create(), maxBatchSize: 16 }), 20)
      expect(cost).toBeGreaterThanOrEqual(optimum - 1e-6)
    }
  }
})

describe.each([10, 50])('at a price of %i ms', (priceMs) => {
  const standings = study({
    patterns: PATTERNS,
    pricesMs: [priceMs],
    batchSizes: [64],
    requests: REQUESTS,
    seed: 1,
    searchRequests: 1000,
  })
  const of = (policy: string) => standings.find((standing) => standing.policy === policy)

  test('the adaptive window is within 1.27 of the optimum in the mean, and 1.45 at worst', () => {
    expect(of('gap-stop')?.geometricMean).toBeLessThanOrEqual(1.27)
    expect(of('gap-stop')?.worst).toBeLessThanOrEqual(1.45)
  })

  test.each(['best fixed', 'best sigmoid', 'area rule'])(
    'it costs at least 6 %% less than the %s',
    (policy) => {
      const own = of('gap-stop')?.geometricMean ?? Number.NaN
      expect(own / (of(policy)?.geometricMean ?? Number.NaN)).toBeLessThan(0.94)
    },
  )
})

test('the first 20 requests of a key cost at most 1.45 times the optimum', () => {
  for (const priceMs of [10, 100]) {
    const ratios = youngKeys(PATTERNS, priceMs, 20, 60)
    const mean = Math.exp(ratios.reduce((sum, ratio) => sum + Math.log(ratio), 0) / ratios.length)
    expect(mean).toBeLessThanOrEqual(1.45)
  }
})

test('one client that waits for its answers is delayed by at most 0.1 ms in the mean', () => {
  const alone = closedCases(10_000, 1, [10, 100]).filter(({ name }) => name.startsWith('one '))
  expect(alone).toHaveLength(4)
  for (const { meanWaitMs } of alone) expect(meanWaitMs).toBeLessThanOrEqual(0.1)
})

test('at a very high price it invokes as seldom as a fixed window, and no wait exceeds the cap', () => {
  for (const { price, maxWaitMs, worstInvocations, longestWaitMs } of cappedCases(PATTERNS, REQUESTS, 1)) {
    if (price === LARGE_PRICE_MS) expect(worstInvocations).toBeLessThanOrEqual(1.01)
    expect(longestWaitMs).toBeLessThanOrEqual(maxWaitMs + 1e-6)
  }
})
