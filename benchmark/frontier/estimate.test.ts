import { fixedWindow } from '../../router/src/batching/window.ts'
import { batchStatistics } from '../../toolkit/src/estimate/batches.ts'
import { gaps } from './patterns.ts'
import { simulate } from './simulate.ts'
import { openLoop } from './sources.ts'

/** `lpr estimate` calculates what the simulator, with the router's own window, finds out by counting. */

const REQUESTS = 200_000

test.each([
  [5, 25, 16],
  [50, 5, 8],
  [50, 100, 16],
  [200, 25, 4],
  [200, 25, 64],
  [1000, 10, 16],
  [2000, 50, 64],
])('%d requests a second, a window of %d ms and batches of up to %d', (rps, maxWaitMs, maxBatchSize) => {
  const arrivals = gaps('poisson', (random) => random.exponential(1000 / rps)).arrivals(REQUESTS, 11)
  const setting = { policy: fixedWindow(maxWaitMs), maxBatchSize }
  const { requests, invocations, waitMs } = simulate(openLoop(arrivals), setting)
  const { meanSize, meanWaitMs } = batchStatistics(rps, maxWaitMs, maxBatchSize)
  // The traffic is a sample: its own rate is off by about a quarter of a percent.
  expect(Math.abs(requests / invocations / meanSize - 1)).toBeLessThan(0.01)
  expect(Math.abs(waitMs / requests / meanWaitMs - 1)).toBeLessThan(0.01)
})
