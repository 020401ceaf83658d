import { Histogram } from './histogram.ts'

test('small values are exact', () => {
  const histogram = new Histogram()
  for (let us = 1; us <= 100; us++) histogram.record(us)
  expect(histogram.percentileMs(0.5)).toBe(0.05)
  expect(histogram.percentileMs(0.99)).toBe(0.099)
  expect(histogram.percentileMs(1)).toBe(0.1)
})

test.each([129, 1000, 12_345, 999_999, 3_600_000_000])('%d µs is kept to better than 1 %%', (us) => {
  const histogram = new Histogram()
  histogram.record(us)
  const kept = histogram.percentileMs(0.5) * 1000
  expect(Math.abs(kept - us) / us).toBeLessThan(0.01)
})

test('buckets of neighbouring values do not change places', () => {
  let before = -1
  for (let us = 0; us < 5000; us++) {
    const histogram = new Histogram()
    histogram.record(us)
    const kept = histogram.percentileMs(1)
    expect(kept).toBeGreaterThanOrEqual(before)
    before = kept
  }
})

test('parts that travelled make the same histogram as the whole', () => {
  const [whole, one, other] = [new Histogram(), new Histogram(), new Histogram()]
  for (let us = 1; us < 2000; us += 7) {
    whole.record(us)
    const part = us % 2 === 0 ? one : other
    part.record(us)
  }
  const merged = Histogram.from(JSON.parse(JSON.stringify(one.data())), other.data())
  expect(merged.data()).toEqual(whole.data())
  expect(merged.total).toBe(whole.total)
})

test('what lies before its time counts as nothing, and nothing at all has no percentile', () => {
  const histogram = new Histogram()
  expect(histogram.percentileMs(0.5)).toBeNaN()
  histogram.record(-5)
  expect(histogram.percentileMs(0.5)).toBe(0)
})
