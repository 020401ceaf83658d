import type { BatchView, Second } from '../src/admin/dashboard/messages.ts'
import { nothing } from '../src/admin/dashboard/route-second.ts'
import { billOf, meanBatchSize, percentile, savedShare, series, sumOf } from './figures.ts'
import { lineChart, niceCeiling } from './line-chart.ts'
import { meters, sizeRanges } from './meters.ts'
import { PANELS } from './panels.ts'
import { Store } from './store.ts'
import { dollars, markup, milliseconds, percent, short, span } from './text.ts'
import { timelineChart } from './timeline-chart.ts'

function second(routes: Second['routes']): Second {
  return {
    atMs: 0,
    state: 'serving',
    uptimeSeconds: 1,
    inflightRequests: 0,
    inflightInvocations: 0,
    pendingInvocations: 0,
    routes,
  }
}

const seconds = [
  second({
    'GET /a': { ...nothing(), requests: 4, latency: { 10: 4 }, sizes: { 4: 1 }, items: 4, invocations: 1 },
    'GET /b': { ...nothing(), requests: 1, codes: { timeout: 1 }, failed: 1 },
  }),
  second({
    'GET /a': { ...nothing(), requests: 2, latency: { 20: 2 }, sizes: { 2: 1 }, items: 2, invocations: 1 },
  }),
]

const batch: BatchView = {
  batchId: 'b-1',
  routeKey: 'GET /a/{x}',
  openedAtMs: 100,
  flushedAtMs: 110,
  flushReason: 'size',
  invokedAtMs: 112,
  endedAtMs: 150,
  outcome: 'ok',
  items: [
    { joinedAtMs: 100, answeredAtMs: 140, status: 200 },
    { joinedAtMs: 109, answeredAtMs: 150, status: 502 },
  ],
  more: 0,
}

test('figures are of all routes, or of the one that is looked at', () => {
  expect(sumOf(seconds, undefined)).toMatchObject({ requests: 7, failed: 1, codes: { timeout: 1 } })
  const one = sumOf(seconds, 'GET /a')
  expect(one).toMatchObject({ requests: 6, failed: 0, latency: { 10: 4, 20: 2 } })
  expect(meanBatchSize(one)).toBe(3)
  expect(savedShare(one)).toBeCloseTo(1 - 2 / 6)
  expect(series(seconds, 'GET /b', ({ requests }) => requests)).toEqual([1, 0])
  expect(percentile('latency', 0.5)(nothing())).toBeUndefined()
  expect(savedShare(nothing())).toBeUndefined()
})

test('the bill of one invocation a request is compared with that of the batches', () => {
  const sums = {
    ...nothing(),
    items: 4_000_000,
    itemMs: 4e6 * 100,
    invocations: 1_000_000,
    invocationMs: 1e6 * 120,
  }
  const prices = { memoryMb: 512, perMillionInvocations: 0.2, perGbSecond: 0.00002 }
  const { direct, batched } = billOf(sums, prices)
  expect(direct).toBeCloseTo(0.8 + 4e5 * 0.5 * 0.00002)
  expect(batched).toBeCloseTo(0.2 + 1.2e5 * 0.5 * 0.00002)
})

test('what comes from elsewhere is text, never markup', () => {
  const evil = '<img src=x onerror="alert(1)">'
  expect(markup(evil)).not.toContain('<')
  expect(timelineChart([{ ...batch, routeKey: evil }], 200, 600)).not.toContain('<img')
  expect(meters('code', [[evil, 1]])).not.toContain('<img')
  const store = new Store()
  store.greeted({
    version: '1',
    configSha256: undefined,
    routes: [{ routeKey: evil, functionName: evil, maxWaitMs: 1, maxBatchSize: 1 }],
    history: seconds,
  })
  const prices = { memoryMb: 128, perMillionInvocations: 1, perGbSecond: 1 }
  for (const panel of Object.values(PANELS))
    expect(panel({ store, selection: undefined, seconds: 60, prices, width: () => 300 })).not.toContain(
      '<img',
    )
})

test('a row of the timeline says in words what it shows', () => {
  const chart = timelineChart([batch], 160, 600)
  expect(chart).toContain('aria-label="GET /a/{x} · 2 requests · size after 10 ms · ok, 38 ms"')
  expect(chart.match(/class="dot"/g)).toHaveLength(2)
  expect(chart.match(/class="tick"/g)).toHaveLength(1)
  expect(chart.match(/class="tick failed"/g)).toHaveLength(1)
  expect(chart.match(/class="(window|queued|work)"/g)).toHaveLength(3)
})

test('a batch that still forms has its window only, up to now', () => {
  const { flushedAtMs, flushReason, invokedAtMs, endedAtMs, outcome, ...forming } = batch
  const chart = timelineChart([{ ...forming, items: [{ joinedAtMs: 100 }] }], 108, 600)
  expect(chart).toContain('1 request')
  expect(chart.match(/class="(window|queued|work)"/g)).toEqual(['class="window"'])
})

test('a chart says its range in words, and leaves a gap where there is nothing to tell', () => {
  const lines = [{ name: 'p50', values: [1, undefined, 3, 4] }]
  const chart = lineChart({ title: 'Latency', lines, seconds: 60, width: 300, format: milliseconds })
  expect(chart).toContain('aria-label="Latency: up to 4 ms"')
  expect(chart.match(/ d="M[^"]*M[^"]*L/)).not.toBeNull()
  expect([0, 1, 3, 7, 12, 4000].map(niceCeiling)).toEqual([1, 1, 5, 10, 20, 5000])
})

test('sizes of batches are told in at most eight ranges that hold them all', () => {
  expect(sizeRanges({ 1: 5, 3: 1 })).toEqual([
    ['1', 5],
    ['2', 0],
    ['3', 1],
  ])
  const ranges = sizeRanges({ 1: 1, 64: 2, 33: 4 })
  expect(ranges).toHaveLength(8)
  expect(ranges.reduce((sum, [, times]) => sum + times, 0)).toBe(7)
  expect(sizeRanges({})).toEqual([])
})

test('the store keeps the last minutes, and the newest batches first as they change', () => {
  const store = new Store()
  for (let index = 0; index < 400; index += 1) store.second(second({}))
  expect(store.seconds).toHaveLength(300)
  store.changed({ nowMs: 1, batches: [batch] })
  store.changed({
    nowMs: 2,
    batches: [
      { ...batch, batchId: 'b-2' },
      { ...batch, outcome: 'throttle' },
    ],
  })
  expect(store.rows(undefined).map(({ batchId, outcome }) => [batchId, outcome])).toEqual([
    ['b-2', 'ok'],
    ['b-1', 'throttle'],
  ])
  expect(store.rows('GET /other')).toEqual([])
})

test('numbers are written to be read at a glance', () => {
  expect([0, 0.123, 12.34, 123.4, 12_345, 1_234_567].map(short)).toEqual([
    '0',
    '0.12',
    '12.3',
    '123',
    '12.3 k',
    '1.23 M',
  ])
  expect([undefined, 0.3, 12_000].map(milliseconds)).toEqual(['–', '0.3 ms', '12 s'])
  expect([undefined, 0.256].map(percent)).toEqual(['–', '26 %'])
  expect([0, 0.00123, 12.3].map(dollars)).toEqual(['0 USD', '0.0012 USD', '12.30 USD'])
  expect([59, 600, 7200].map(span)).toEqual(['59 s', '10 min', '2 h'])
})
