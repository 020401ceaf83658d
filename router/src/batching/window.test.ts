import fc from 'fast-check'
import { dynamicWindow, fixedWindow, sigmoidWaitMs } from './window.ts'

const settings = {
  minWaitMs: 1,
  targetRps: 50,
  steepness: 0.05,
  samplingIntervalMs: 100,
  smoothingSamples: 5,
}

test('a fixed window ends maxWaitMs after the first request, however many follow', () => {
  const window = fixedWindow(25)
  expect(window.arrival(100, { size: 1, firstAtMs: 100, arrivalSumMs: 100 })).toBe(125)
  expect(window.arrival(120, { size: 2, firstAtMs: 100, arrivalSumMs: 220 })).toBe(125)
})

test.each([
  [0, 9],
  [50, 51],
  [100, 92],
])('at %i rps the demo settings wait about %i ms', (rps, waitMs) => {
  expect(Math.abs(sigmoidWaitMs(settings, 100, rps) - waitMs)).toBeLessThanOrEqual(1)
})

test('the sigmoid stays between minimum and maximum, in whole ms, and never falls as the rate rises', () => {
  fc.assert(
    fc.property(
      fc.nat(100),
      fc.nat(1000),
      fc.double({ min: 0, max: 1e6, noNaN: true }),
      (minWaitMs, more, rps) => {
        const wait = sigmoidWaitMs({ ...settings, minWaitMs }, minWaitMs + more, rps)
        expect(Number.isInteger(wait)).toBe(true)
        expect(wait).toBeGreaterThanOrEqual(minWaitMs)
        expect(wait).toBeLessThanOrEqual(minWaitMs + more)
        expect(sigmoidWaitMs({ ...settings, minWaitMs }, minWaitMs + more, rps + 10)).toBeGreaterThanOrEqual(
          wait,
        )
      },
    ),
  )
})

test('a key that has seen no traffic starts at the minimum', () => {
  expect(dynamicWindow(settings, 100).arrival(0, { size: 1, firstAtMs: 0, arrivalSumMs: 0 })).toBe(1)
})

test('steady traffic lengthens the window, and silence shortens it again', () => {
  const window = dynamicWindow(settings, 100)
  const waitAt = (nowMs: number) =>
    window.arrival(nowMs, { size: 1, firstAtMs: nowMs, arrivalSumMs: nowMs }) - nowMs
  for (let nowMs = 0; nowMs < 1000; nowMs += 5) waitAt(nowMs)
  expect(waitAt(1000)).toBe(sigmoidWaitMs(settings, 100, 200))
  expect(waitAt(60_000)).toBe(sigmoidWaitMs(settings, 100, 0))
})

test('the wait of a batch is decided by its first request', () => {
  const window = dynamicWindow(settings, 100)
  const due = window.arrival(0, { size: 1, firstAtMs: 0, arrivalSumMs: 0 })
  for (let size = 2; size < 50; size++)
    expect(window.arrival(0.5, { size, firstAtMs: 0, arrivalSumMs: 0 })).toBe(due)
})
