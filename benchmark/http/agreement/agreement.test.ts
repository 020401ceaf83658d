import { agreementCases, simulated, spread } from './cases.ts'
import { agreementTable } from './table.ts'

test('every traffic is tried with a fixed and an adaptive window, from time 0, the same for the same seed', () => {
  const cases = agreementCases(1)
  for (const policy of ['fixed', 'adaptive'])
    expect(cases.filter((candidate) => candidate.policy === policy)).toHaveLength(cases.length / 2)
  for (const { arrivals } of cases) expect(arrivals[0]).toBe(0)
  expect(agreementCases(1)).toEqual(cases)
})

test('what is simulated lies between an invocation a request and full batches', () => {
  for (const { policy, arrivals } of agreementCases(1)) {
    expect(simulated(policy, arrivals)).toBeGreaterThanOrEqual(1 / 64)
    expect(simulated(policy, arrivals)).toBeLessThanOrEqual(1)
  }
})

test('arrivals of the same ms are spread over it', () => {
  expect([...spread([7, 5, 7])]).toEqual([5.5, 7.25, 7.75])
})

test('the table says who is within the aim', () => {
  const facts = { policy: 'fixed', requests: 10, failed: 0 }
  const table = agreementTable([
    { ...facts, pattern: 'near', planned: 0.5, simulated: 0.6, measured: 0.51 },
    { ...facts, pattern: 'far', planned: 0.5, simulated: 0.5, measured: 0.48 },
  ])
  expect(table).toContain(
    '| near | fixed | 10 | 0.5000 | 0.6000 | 0.5100 | +2.00 % | -15.00 % | 0 | within |',
  )
  expect(table).toContain('| far | fixed | 10 | 0.5000 | 0.5000 | 0.4800 | -4.00 % | -4.00 % | 0 | beyond |')
})
