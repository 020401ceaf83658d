import { FIXED, gapStop, SIGMOIDS } from './baselines.ts'
import { TimeHeap } from './heap.ts'
import { HELD_OUT } from './held-out.ts'
import { optimalCostMs } from './optimum.ts'
import { PATTERNS } from './patterns.ts'
import { type Random, seededRandom } from './random.ts'
import { costMs, simulate } from './simulate.ts'
import { closedLoop, openLoop } from './sources.ts'
import { cappedCases, LARGE_PRICE_MS, youngKeys } from './special-cases.ts'
import { find, study } from './study.ts'

const REQUESTS = 4000
/** Those that the full search found best. */
const GOOD_SIGMOIDS = [
  '0 to 10 ms, target 500 rps, steepness 0.005',
  '1 to 10 ms, target 100 rps, steepness 0.005',
  '1 to 10 ms, target 20 rps, steepness 0.05',
]

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

test.each([...PATTERNS, ...HELD_OUT])(
  '$name: ascending arrivals, the same for the same seed',
  ({ arrivals }) => {
    const times = arrivals(REQUESTS, 9)
    expect(times).toHaveLength(REQUESTS)
    expect(times).toEqual(times.toSorted())
    expect(arrivals(REQUESTS, 9)).toEqual(times)
    expect(arrivals(REQUESTS, 10)).not.toEqual(times)
  },
)

test('no policy beats the optimum', () => {
  for (const { arrivals } of PATTERNS) {
    const times = arrivals(1000, 2)
    const optimum = optimalCostMs(times, 20, 16)
    for (const { create } of [...FIXED, gapStop(20, 16)]) {
      const cost = costMs(simulate(openLoop(times), { policy: create(), maxBatchSize: 16 }), 20)
      expect(cost).toBeGreaterThanOrEqual(optimum - 1e-6)
    }
  }
})

describe('one setting for all patterns', () => {
  const standings = study({
    patterns: PATTERNS,
    pricesMs: [10, 50],
    batchSizes: [64],
    requests: REQUESTS,
    seed: 1,
    searchRequests: 2000,
    fixed: FIXED.filter((_, index) => index % 2 === 1),
    sigmoids: SIGMOIDS.filter(({ name }) => GOOD_SIGMOIDS.includes(name)),
  })

  test.each([10, 50])(
    'at a price of %i ms it is within 1.27 of the optimum in the mean, 1.45 at worst',
    (priceMs) => {
      const own = find(standings, 'gap-stop', 64, priceMs)
      expect(own?.geometricMean).toBeLessThanOrEqual(1.27)
      expect(own?.worst).toBeLessThanOrEqual(1.45)
    },
  )

  test.each(['best fixed', 'best sigmoid', 'area rule'] as const)(
    'it costs at least 6 %% less than the %s',
    (other) => {
      for (const priceMs of [10, 50]) {
        const own = find(standings, 'gap-stop', 64, priceMs)?.geometricMean ?? Number.NaN
        expect(own / (find(standings, other, 64, priceMs)?.geometricMean ?? Number.NaN)).toBeLessThan(0.94)
      }
    },
  )
})

test('the first 20 requests of a key cost at most 1.45 times the optimum', () => {
  for (const priceMs of [20, 100]) {
    const ratios = youngKeys(PATTERNS, priceMs, 20, 20)
    const mean = Math.exp(ratios.reduce((sum, ratio) => sum + Math.log(ratio), 0) / ratios.length)
    expect(mean).toBeLessThanOrEqual(1.45)
  }
})

test('one client that waits for its answers is delayed by at most 0.1 ms in the mean', () => {
  const thinkMs = (random: Random): number => random.exponential(30)
  const source = closedLoop({ clients: 1, requests: 10_000, seed: 1, thinkMs })
  const { waitMs, requests } = simulate(source, { policy: gapStop(100, 64).create(), maxBatchSize: 64 })
  expect(requests).toBe(10_000)
  expect(waitMs / requests).toBeLessThanOrEqual(0.1)
})

test('at a very high price it invokes as seldom as a fixed window, and no wait exceeds the cap', () => {
  for (const { price, maxWaitMs, worstInvocations, longestWaitMs } of cappedCases(PATTERNS, 3000, 1)) {
    if (price === LARGE_PRICE_MS) expect(worstInvocations).toBeLessThanOrEqual(1.01)
    expect(longestWaitMs).toBeLessThanOrEqual(maxWaitMs + 1e-6)
  }
})
