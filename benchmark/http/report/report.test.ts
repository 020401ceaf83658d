import type { FunctionCounts } from '../lambda/main.ts'
import { Tally } from '../load/tally.ts'
import type { Sample, ScenarioResult } from '../measure.ts'
import { SCENARIOS } from '../scenarios/index.ts'
import { aims } from './aims.ts'
import { charts } from './charts.ts'
import { costOfMillion, directCostOfMillion } from './cost.ts'
import { describeMachine } from './machine.ts'
import { ratioOf, show, spreadOf } from './statistics.ts'
import { type Run, summary } from './summary.ts'

interface Facts {
  requests: number
  cpuMs: number
  counts?: FunctionCounts
  rejected?: number
  elapsedMs?: number
}

function sample(subject: string, round: number, facts: Facts): Sample {
  const { requests, cpuMs, rejected = 0, elapsedMs = 1000 } = facts
  const tally = new Tally(10)
  const headers: Record<string, string> = {
    'retry-after': '1',
    'x-bench-function-us': '5000',
    'x-lpr-batch-wait-ms': '3',
  }
  const head = (status: number) => ({ status, header: (name: string) => headers[name] })
  for (let i = 0; i < requests; i++)
    tally.answered({ intendedMs: 0, sentMs: 0, firstByteMs: 9, endMs: 10 }, head(200))
  for (let i = 0; i < rejected; i++)
    tally.answered({ intendedMs: 0, sentMs: 0, firstByteMs: 2, endMs: 2 }, head(429))
  return {
    subject,
    round,
    load: tally.result(elapsedMs, 4),
    function: facts.counts ?? { invocations: 0, items: 0, sizes: [], arrivals: [] },
    cpu: { userMs: cpuMs, systemMs: 0 },
    rssBytes: 100 * 1024 * 1024,
    generatorCpu: { userMs: 1, systemMs: 1 },
    functionCpu: { userMs: 1, systemMs: 1 },
    coresShared: false,
  }
}

function result(name: string, samples: Sample[]): ScenarioResult {
  const scenario = SCENARIOS.find((candidate) => candidate.name === name)
  if (scenario === undefined) throw new Error(`no scenario ${name}`)
  return { scenario, samples, profiles: {} }
}

const invoked = (invocations: number, items: number): FunctionCounts => ({
  invocations,
  items,
  sizes: [[items / invocations, invocations]],
  arrivals: [],
})

/** 1000 requests: 30 ms of CPU in full batches, 150 ms alone, 15 ms in the bare server. */
const RESULTS = [
  result('buffered-b1', [sample('router', 0, { requests: 1000, cpuMs: 150, counts: invoked(1000, 1000) })]),
  result('buffered-b16', [
    sample('router', 0, { requests: 1600, cpuMs: 48, counts: invoked(100, 1600) }),
    sample('bare', 0, { requests: 1000, cpuMs: 15 }),
    sample('observed', 0, { requests: 1600, cpuMs: 45 }),
  ]),
  result('load-50', [sample('router', 0, { requests: 100, cpuMs: 3, counts: invoked(10, 100) })]),
  result('overload-1x', [sample('router', 0, { requests: 640, cpuMs: 1, counts: invoked(160, 640) })]),
  result('overload-2x', [
    sample('router', 0, { requests: 512, rejected: 100, cpuMs: 1, counts: invoked(160, 640) }),
  ]),
]

const RUN: Run = {
  name: 'test',
  startedAt: 'now',
  machine: describeMachine(),
  rounds: 1,
  pace: 1,
  cores: { waitedMs: 0, repeated: 0, shared: 0 },
  results: RESULTS,
}

test('the summary says whether two cores were two', () => {
  expect(summary(RUN)).toContain('The two cores were two at all times.')
  expect(summary({ ...RUN, cores: { waitedMs: 12_500, repeated: 3, shared: 2 } })).toContain(
    'Waited for that: 13 s. Rounds of a subject that were measured again: 3; that count all the same: 2.',
  )
  expect(summary({ ...RUN, cores: undefined })).toContain('On one core,')
})

test('requests that failed are told before any figure, by scenario and subject', () => {
  expect(summary(RUN)).not.toContain('have failed')
  const broken = sample('router', 0, { requests: 100, cpuMs: 1 })
  broken.load.failed = 7
  const text = summary({ ...RUN, results: [...RESULTS, result('buffered-1024k', [broken])] })
  expect(text).toMatch(/have failed.*: 7 of router in buffered-1024k\.[\s\S]*## Aims/)
})

test('the middle of rounds is their median, and a ratio is taken round by round', () => {
  expect(spreadOf([3, 1, 2])).toEqual({ median: 2, lowest: 1, highest: 3 })
  expect(spreadOf([1, 2, 3, 4]).median).toBe(2.5)
  expect(ratioOf([10, 40], [10, 20])).toEqual({ median: 1.5, lowest: 1, highest: 2 })
  expect(show(spreadOf([]))).toBe('-')
})

test('what is left where less is done stands beside the router, if it was measured', () => {
  const of = (subject: string, cpuMs: number) => sample(subject, 0, { requests: 1000, cpuMs })
  const floors = [
    result('floor-sse', [of('router', 900), of('least', 700), of('alone', 600)]),
    result('floor-b16', [of('router', 90), of('bare', 20), of('least', 70)]),
  ]
  const text = summary({ ...RUN, results: floors })
  expect(text).toContain(
    '| CPU per stream | 900 (900 to 900) µs | 700 (700 to 700) µs | 600 (600 to 600) µs |',
  )
  expect(text).toContain('batches of 16 | 90.00 (90.00 to 90.00) µs | 70.00 (70.00 to 70.00) µs | 20.00')
  expect(summary(RUN)).not.toContain('Floors')
})

test('aims are computed from the scenarios that ran', () => {
  const lines = aims(RESULTS)
  const of = (what: string) => lines.find((line) => line.what.startsWith(what))
  expect(of('CPU per request')).toMatchObject({ measured: '2.00 (2.00 to 2.00)', verdict: 'missed' })
  // 150 µs alone, 30 in a sixteenth of an invocation: 120 µs for 15/16 of one.
  expect(of('CPU per invocation')).toMatchObject({ measured: '128 (128 to 128) µs', verdict: 'met' })
  // 9 ms to the first byte, 5 of the function and 3 in the batch.
  expect(of('p99 beyond window')).toMatchObject({ measured: '1.00 (1.00 to 1.00) ms', verdict: 'met' })
  // Chance may have it that watching takes less than nothing.
  expect(of('CPU with access log')).toMatchObject({ measured: '-6.25 (-6.25 to -6.25) %', verdict: 'met' })
  expect(of('overload-2x: goodput')).toMatchObject({
    measured: '80.00 (80.00 to 80.00) %',
    verdict: 'missed',
  })
  expect(of('overload-2x: rejections')).toMatchObject({ verdict: 'met' })
  expect(of('resident memory with 4096')).toMatchObject({ measured: '-', verdict: '-' })
})

test('the summary names the machine, every subject and every scenario', () => {
  const text = summary(RUN)
  for (const word of [RUN.machine.node, 'buffered-b16 | bare', 'load-50 | router', '## Estimated cost'])
    expect(text).toContain(word)
})

test('charts are drawn for what there is data for, and hold no NaN', () => {
  const drawn = charts(RESULTS)
  expect(Object.keys(drawn).sort()).toEqual([
    'batch-sizes.svg',
    'cost.svg',
    'cpu-per-request.svg',
    'invocations-per-request.svg',
    'latency.svg',
  ])
  for (const svg of Object.values(drawn)) expect(svg).not.toContain('NaN')
  expect(charts([])).toEqual({})
})

test('sixteen requests to an invocation cost a sixteenth of the invocations and the router', () => {
  const facts = { functionMs: 100, memoryGb: 0.5 }
  const direct = directCostOfMillion(facts)
  const batched = costOfMillion({
    ...facts,
    invocationsPerRequest: 1 / 16,
    routerCpuUsPerRequest: 36,
    utilisation: 0.5,
  })
  // A million invocations, and 50,000 GB-seconds.
  expect(direct).toBeCloseTo(0.2 + 50_000 * 0.0000166667)
  // 36 s of a vCPU of 0.04048 dollars an hour, half of it idle.
  expect(batched - direct / 16).toBeCloseTo(0.0008096)
})
