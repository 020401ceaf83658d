import {
  type InvocationEnded,
  type InvocationStarted,
  type RequestEnded,
  Telemetry,
} from '../../telemetry/events.ts'
import { bucketOf, percentileMs, upperBoundMs } from './buckets.ts'
import { SecondCounter } from './seconds.ts'

const ended: RequestEnded = {
  requestId: 'r-1',
  method: 'GET',
  routeKey: 'GET /a',
  probe: false,
  status: 200,
  code: undefined,
  durationMs: 30,
  outcome: 'sent',
  batchId: 'b-1',
  batchSize: 2,
  batchWaitMs: 10,
  flushReason: 'window',
  error: undefined,
}

const started: InvocationStarted = {
  batchId: 'b-1',
  bisectedFrom: undefined,
  routeKey: 'GET /a',
  functionName: 'f',
  invokeMode: 'buffered',
  batchSize: 2,
  flushReason: 'window',
  payloadBytes: 100,
  attempt: 1,
  items: [],
}

const over: InvocationEnded = {
  ...started,
  durationMs: 25,
  outcome: 'ok',
  error: undefined,
  stray: { malformed: 0, unknown: 0, late: 0 },
}

function counting() {
  const telemetry = new Telemetry()
  const counter = new SecondCounter()
  const end = counter.follow(telemetry)
  return { telemetry, counter, end }
}

test('a second tells what its requests and invocations came to, by route', () => {
  const { telemetry, counter } = counting()
  telemetry.invocationStarted.publish?.(started)
  telemetry.requestEnded.publish?.(ended)
  telemetry.requestEnded.publish?.({ ...ended, durationMs: 50, batchWaitMs: 5 })
  telemetry.invocationEnded.publish?.(over)
  expect(counter.take()).toEqual({
    'GET /a': {
      requests: 2,
      shed: 0,
      failed: 0,
      codes: {},
      latency: { [bucketOf(30)]: 1, [bucketOf(50)]: 1 },
      wait: { [bucketOf(10)]: 1, [bucketOf(5)]: 1 },
      sizes: { 2: 1 },
      flushReasons: { window: 1 },
      invocations: 1,
      invocationMs: 25,
      items: 2,
      itemMs: 20 + 45,
    },
  })
  expect(counter.take()).toEqual({})
})

test.each([
  ['a refusal for want of room is shed', { status: 429, code: 'queue_full' }, { shed: 1, failed: 0 }],
  ['an error of the function has failed', { status: 502, code: 'function_error' }, { shed: 0, failed: 1 }],
  ["a function's own 500 has failed", { status: 500 }, { shed: 0, failed: 1 }],
  ['a stream that was cut off has failed', { outcome: 'reset' }, { shed: 0, failed: 1 }],
  [
    "a client that went is nobody else's failure",
    { status: 499, outcome: 'client_gone' },
    { shed: 0, failed: 0 },
  ],
  [
    "a path that nobody serves is the client's error",
    { status: 404, code: 'route_not_found' },
    { shed: 0, failed: 0 },
  ],
] as [string, Partial<RequestEnded>, object][])('%s', (_, more, expected) => {
  const { telemetry, counter } = counting()
  telemetry.requestEnded.publish?.({ ...ended, ...more })
  const route = counter.take()['GET /a']
  expect(route).toMatchObject(expected)
  expect(Object.values(route?.codes ?? {})).toEqual([1])
})

test('health checks are not counted, and a retry is an invocation but no batch', () => {
  const { telemetry, counter } = counting()
  telemetry.requestEnded.publish?.({ ...ended, probe: true })
  expect(counter.take()).toEqual({})
  telemetry.invocationStarted.publish?.({ ...started, attempt: 2 })
  expect(counter.take()['GET /a']).toMatchObject({ invocations: 1, sizes: {}, flushReasons: {} })
})

test('when nobody counts any more, nothing is published', () => {
  const { telemetry, end } = counting()
  end()
  expect([telemetry.requestEnded.publish, telemetry.invocationStarted.publish]).toEqual([
    undefined,
    undefined,
  ])
})

test('a percentile is the upper bound of the bucket that holds it', () => {
  const counts = { [bucketOf(1)]: 98, [bucketOf(100)]: 2 }
  expect(percentileMs(counts, 0.5)).toBe(upperBoundMs(bucketOf(1)))
  expect(percentileMs(counts, 0.99)).toBe(upperBoundMs(bucketOf(100)))
  expect(percentileMs({}, 0.5)).toBeUndefined()
})

test.each([0, 0.05, 0.1, 0.11, 1, 7.3, 999, 60_000, Number.NaN])(
  'a duration of %d ms has a bucket that bounds it within 19 %%',
  (ms) => {
    const bound = upperBoundMs(bucketOf(ms))
    expect(bound).toBeGreaterThanOrEqual(Math.min(0.1, ms || 0))
    expect(bound).toBeLessThanOrEqual(Math.max(0.1, (ms || 0) * 1.19))
  },
)
