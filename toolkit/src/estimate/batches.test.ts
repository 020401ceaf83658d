import fc from 'fast-check'
import { batchStatistics } from './batches.ts'

const traffic = fc.record({
  rps: fc.double({ min: 0.01, max: 20_000, noNaN: true }),
  maxWaitMs: fc.integer({ min: 0, max: 1000 }),
  maxBatchSize: fc.integer({ min: 1, max: 256 }),
})

test('whatever the traffic, sizes add up to one, and mean and wait are within their bounds', () => {
  fc.assert(
    fc.property(traffic, ({ rps, maxWaitMs, maxBatchSize }) => {
      const { sizes, meanSize, meanWaitMs } = batchStatistics(rps, maxWaitMs, maxBatchSize)
      expect(sizes).toHaveLength(maxBatchSize)
      expect(sizes.reduce((sum, probability) => sum + probability, 0)).toBeCloseTo(1, 9)
      expect(meanSize).toBeGreaterThanOrEqual(1 - 1e-9)
      expect(meanSize).toBeLessThanOrEqual(maxBatchSize + 1e-9)
      expect(meanWaitMs).toBeGreaterThanOrEqual(0)
      expect(meanWaitMs).toBeLessThanOrEqual(maxWaitMs + 1e-9)
    }),
  )
})

test('without a window, without traffic, or with batches of one, nobody waits and nothing is saved', () => {
  const alone = { meanSize: 1, meanWaitMs: 0 }
  expect(batchStatistics(100, 0, 16)).toMatchObject(alone)
  expect(batchStatistics(0, 25, 16)).toMatchObject(alone)
  expect(batchStatistics(100, 25, 1)).toMatchObject(alone)
})

test('with little traffic a batch has one request more for each that comes within the window', () => {
  const { meanSize, meanWaitMs } = batchStatistics(200, 10, 1000)
  expect(meanSize).toBeCloseTo(1 + 200 * 0.01, 9)
  // The first waits all of the window, each other half of it on average.
  expect(meanWaitMs).toBeCloseTo((10 + 2 * 5) / 3, 6)
})

test('with far more traffic than a batch holds, batches are full and hardly wait', () => {
  const { meanSize, meanWaitMs } = batchStatistics(100_000, 100, 16)
  expect(meanSize).toBeCloseTo(16, 9)
  expect(meanWaitMs).toBeCloseTo((15 / 2) * 0.01, 6)
})
