import fc from 'fast-check'
import { msText, roundedMs } from './clock.ts'

test.each([
  0, 0.0004, 0.0005, 0.001, 0.01, 0.1, 0.999, 0.9995, 1, 1.5, 12.345, 100, 65_000.25, 86_400_000, -1.5, 1e21,
])('%d ms is written as JSON has it', (ms) => {
  expect(msText(ms)).toBe(JSON.stringify(roundedMs(ms)))
})

test('any time is written as JSON has it', () => {
  fc.assert(
    fc.property(fc.double({ noNaN: true, noDefaultInfinity: true }), (ms) => {
      expect(msText(ms)).toBe(String(roundedMs(ms)))
    }),
  )
})
