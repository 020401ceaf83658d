import { poissonArrivals, recordedArrivals } from './arrivals.ts'

test('random arrivals keep their rate, ascend, and repeat with the seed', () => {
  const arrivals = poissonArrivals(500, 20_000, 1)
  expect(arrivals.length).toBeGreaterThan(9500)
  expect(arrivals.length).toBeLessThan(10_500)
  expect([...arrivals].sort((a, b) => a - b)).toEqual([...arrivals])
  expect(arrivals.at(-1)).toBeLessThan(20_000)
  expect(poissonArrivals(500, 20_000, 1)).toEqual(arrivals)
  expect(poissonArrivals(500, 20_000, 2)).not.toEqual(arrivals)
})

test('recorded arrivals start at 0, whatever their clock and order', () => {
  expect([...recordedArrivals('1700000000010\n1700000000000\n\n1700000000002.5\n')]).toEqual([0, 2.5, 10])
})

test('a line that is no time is named', () => {
  expect(() => recordedArrivals('1\ntwo\n')).toThrow('line 2: expected a time in ms, got two')
  expect(() => recordedArrivals('\n')).toThrow('expected at least one arrival, got none')
})
