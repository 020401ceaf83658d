import { maxDelayMs, randomDelayMs, realDice, wholeNumber } from './delay.ts'
import { loadedDice } from './testing.ts'

test.each([
  [undefined, 0],
  ['', 0],
  ['none', 0],
  ['-5', 0],
  ['250', 250],
  ['250.9', 250],
  ['999999', 5000],
  ['Infinity', 5000],
])('a max-delay of %p is %p ms', (text, expected) => {
  expect(maxDelayMs({ 'max-delay': text })).toBe(expected)
})

test('no query means no delay', () => {
  expect(maxDelayMs(undefined)).toBe(0)
})

test('a delay lies between nothing and the longest, both included', () => {
  expect(randomDelayMs(loadedDice(0), 250)).toBe(0)
  expect(randomDelayMs(loadedDice(0.999_999), 250)).toBe(250)
})

test('a number that is missing or none is the default, and others are brought into the range', () => {
  const range = { otherwise: 20, least: 0, most: 200 }
  expect([undefined, ' ', 'x', '0', '7', '201', '-1'].map((text) => wholeNumber(text, range))).toEqual([
    20, 20, 20, 0, 7, 200, 0,
  ])
})

test('a sleep ends when its signal is aborted, and does not begin if it was aborted before', async () => {
  const abort = new AbortController()
  const sleeping = realDice.sleep(3_600_000, abort.signal)
  abort.abort()
  await sleeping
  await realDice.sleep(3_600_000, abort.signal)
  expect(abort.signal.aborted).toBe(true)
})
