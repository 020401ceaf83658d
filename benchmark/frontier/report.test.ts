import { acceptance } from './acceptance.ts'
import { report } from './report.ts'
import type { Results } from './results.ts'
import { LARGE_PRICE_MS } from './special-cases.ts'
import type { Standing } from './study.ts'

const standing = (policy: Standing['policy'], priceMs: number, maxBatchSize = 64): Standing => ({
  policy,
  setting: 'a setting',
  maxBatchSize,
  priceMs,
  ratios: [1.1, 1.3],
  geometricMean: 1.2,
  worst: 1.3,
})

/** A run in which every line just holds. */
function good(): Results {
  const policies: Standing['policy'][] = ['gap-stop', 'best fixed', 'best sigmoid', 'area rule']
  const point = (meanWaitMs: number) => ({ setting: '', meanWaitMs, invocationsPerRequest: 1 / meanWaitMs })
  return {
    requests: 1000,
    seed: 1,
    node: 'v0',
    patterns: ['first', 'second'],
    standings: [10, 20, 50, 100].flatMap((price) =>
      [16, 64].flatMap((size) => policies.map((policy) => standing(policy, price, size))),
    ),
    frontier: {
      gapStop: [point(1), point(2)],
      fixed: [point(3), point(4)],
      saved: [{ meanWaitMs: 2, percent: 10 }],
    },
    youngKeys: [10, 20, 50, 100].map((priceMs) => ({ priceMs, ratios: [1.4, 1.5], geometricMean: 1.45 })),
    closed: [
      {
        name: 'one client',
        priceMs: 10,
        meanWaitMs: 0.1,
        requestsPerInvocation: 1,
        overBestFixed: 1,
        bestFixed: '0 ms',
      },
      {
        name: '5 clients',
        priceMs: 10,
        meanWaitMs: 7,
        requestsPerInvocation: 2,
        overBestFixed: 0.9,
        bestFixed: '5 ms',
      },
    ],
    capped: [
      {
        maxWaitMs: 25,
        price: LARGE_PRICE_MS,
        invocations: 1,
        worstInvocations: 1.01,
        meanWait: 1,
        cost: 1,
        worstCost: 1.01,
        overOptimum: 1,
        fixedOverOptimum: 1,
        longestWaitMs: 25,
      },
    ],
    heldOut: [10, 20, 50, 100].map((priceMs) => ({
      name: 'third',
      priceMs,
      overOptimum: 1.2,
      bestFixedOverOptimum: 1.3,
    })),
    timers: [{ stepMs: 1, overExact: 1.001 }],
    steady: [{ rps: 5, priceMs: 10, requestsPerInvocation: 1, meanWaitMs: 0 }],
    expense: { cpuUs: 3, worstCpuUs: 4, bytesPerKey: 5000 },
  }
}

function missed(change: (results: Results) => void): string[] {
  const results = good()
  change(results)
  return acceptance(results)
    .filter(({ holds }) => !holds)
    .map(({ what }) => what)
}

function first<Value>(values: Value[]): Value {
  const [value] = values
  if (value === undefined) throw new Error('expected at least one')
  return value
}

test('figures at their limits hold', () => {
  expect(missed(() => undefined)).toEqual([])
  expect(acceptance(good())).toHaveLength(8 + 4 + 1 + 3 + 1)
})

test.each<[string, RegExp, (results: Results) => void]>([
  [
    'mean',
    /geometric mean/,
    ({ standings }) => void Object.assign(standings[4] ?? {}, { geometricMean: 1.271 }),
  ],
  [
    'worst pattern',
    /worst pattern/,
    ({ standings }) => void Object.assign(standings[4] ?? {}, { worst: 1.421 }),
  ],
  [
    'young keys',
    /first 20/,
    ({ youngKeys }) => void Object.assign(first(youngKeys), { geometricMean: 1.451 }),
  ],
  [
    'sequential client',
    /one client/,
    ({ closed }) => void Object.assign(first(closed), { meanWaitMs: 0.101 }),
  ],
  [
    'large price',
    /invocations over/,
    ({ capped }) => void Object.assign(first(capped), { worstInvocations: 1.02 }),
  ],
  ['cap', /longest wait/, ({ capped }) => void Object.assign(first(capped), { longestWaitMs: 25.1 })],
  ['CPU', /CPU/, ({ expense }) => void Object.assign(expense, { cpuUs: 3.1 })],
  ['a figure that is missing', /CPU/, ({ expense }) => void Object.assign(expense, { cpuUs: Number.NaN })],
])('a figure beyond its limit does not hold: %s', (_name, what, change) => {
  expect(missed(change)).toEqual([expect.stringMatching(what)])
})

test('a report has the figures as data, as a page and as charts', () => {
  const files = report(good())
  expect(Object.keys(files)).toEqual([
    'results.json',
    'summary.md',
    'ratios.svg',
    'means.svg',
    'frontier.svg',
  ])
  expect(JSON.parse(files['results.json'] ?? '')).toMatchObject({
    requests: 1000,
    acceptance: expect.any(Array),
  })
  expect(files['summary.md']).toContain('| 64 | 50 | gap-stop | a setting | 1.200 | 1.300 | 1.000 |')
  for (const content of Object.values(files)) expect(content).not.toMatch(/NaN|undefined/)
})
