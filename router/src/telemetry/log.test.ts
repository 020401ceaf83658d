import { Writable } from 'node:stream'
import type { AccessLogOptions } from './access-log.ts'
import { type InvocationEnded, type RequestEnded, Telemetry } from './events.ts'
import { createLogger, logTelemetry } from './log.ts'

function setUp(level: 'debug' | 'info' | 'warn' = 'info', options: AccessLogOptions = {}) {
  const lines: Record<string, unknown>[] = []
  const sink = new Writable({
    write(chunk, _encoding, done) {
      lines.push(JSON.parse(String(chunk)))
      done()
    },
  })
  const telemetry = new Telemetry()
  logTelemetry(telemetry, createLogger(level, {}, sink), options)
  return { telemetry, lines }
}

const request: RequestEnded = {
  requestId: 'r-1',
  method: 'GET',
  routeKey: 'GET /a/{x}',
  probe: false,
  status: 200,
  code: undefined,
  durationMs: 12.34567,
  outcome: 'sent',
  batchId: 'b-1',
  batchSize: 4,
  batchWaitMs: 5.00049,
  flushReason: 'size',
  error: undefined,
}

const invocation: InvocationEnded = {
  batchId: 'b-1',
  bisectedFrom: undefined,
  routeKey: 'GET /a/{x}',
  functionName: 'f',
  invokeMode: 'buffered',
  batchSize: 4,
  flushReason: 'size',
  payloadBytes: 100,
  attempt: 1,
  durationMs: 9,
  outcome: 'ok',
  error: undefined,
  stray: { malformed: 0, unknown: 0, late: 0 },
}

test('every request is one line of JSON with what happened to it', () => {
  const { telemetry, lines } = setUp()
  telemetry.requestEnded.publish?.(request)
  expect(lines).toEqual([
    {
      timestamp: expect.stringMatching(/^\d{4}-\d\d-\d\dT[\d:.]+Z$/),
      level: 'info',
      message: 'GET /a/{x} 200',
      event: 'request',
      requestId: 'r-1',
      method: 'GET',
      routeKey: 'GET /a/{x}',
      status: 200,
      outcome: 'sent',
      durationMs: 12.346,
      batchId: 'b-1',
      batchSize: 4,
      batchWaitMs: 5,
      flushReason: 'size',
    },
  ])
})

test('the usual line is the text that the logger makes of the same fields', () => {
  const texts: string[] = []
  const telemetry = new Telemetry()
  let traced = false
  const options = { traceIdOf: () => (traced ? 't' : undefined) }
  logTelemetry(telemetry, createLogger('info', {}, { write: (text) => void texts.push(text) }), options)
  const odd = {
    ...request,
    routeKey: 'GET /"é\\/{x}',
    method: 'HEAD',
    status: 201,
    durationMs: 1e21,
    batchWaitMs: 0,
  }
  for (const event of [request, odd, { ...odd, status: 204 }, request]) {
    traced = false
    telemetry.requestEnded.publish?.(event)
    traced = true
    telemetry.requestEnded.publish?.(event)
  }
  const plain = (text: string) => text.replace(/"timestamp":"[^"]+"/, '').replace(',"traceId":"t"', '')
  const [usual, byLogger] = [0, 1].map((rest) => texts.filter((_, index) => index % 2 === rest).map(plain))
  expect(usual).toEqual(byLogger)
})

test('what the client must not see is in the log, under the same request id', () => {
  const { telemetry, lines } = setUp('warn')
  telemetry.requestEnded.publish?.({
    ...request,
    status: 502,
    code: 'invoke_failed',
    error: new Error('arn:aws:... denied'),
  })
  expect(lines).toMatchObject([
    { level: 'warn', requestId: 'r-1', code: 'invoke_failed', error: 'arn:aws:... denied' },
  ])
})

test('a level that is not logged leaves no line', () => {
  const { telemetry, lines } = setUp('warn')
  telemetry.requestEnded.publish?.(request)
  telemetry.invocationEnded.publish?.(invocation)
  expect(lines).toEqual([])
})

test.each([
  ['a good invocation at debug', {}, { level: 'debug', event: 'invocation' }],
  [
    'a failed one as a warning',
    { outcome: 'throttle', error: new Error('slow down') },
    { level: 'warn', event: 'invocation_failed', error: 'slow down' },
  ],
  [
    'one that everybody left at debug',
    { outcome: 'abandoned', error: new Error('aborted') },
    { level: 'debug', event: 'invocation' },
  ],
  [
    'records for nobody as a warning',
    { stray: { malformed: 1, unknown: 0, late: 0 } },
    { level: 'warn', event: 'stray_records', stray: { malformed: 1 } },
  ],
] as const)('logs %s', (_, more, expected) => {
  const { telemetry, lines } = setUp('debug')
  telemetry.invocationEnded.publish?.({ ...invocation, ...more })
  expect(lines).toMatchObject([expected])
})

test('logs a retry with its reason', () => {
  const { telemetry, lines } = setUp()
  telemetry.retried.publish?.({
    batchId: 'b-1',
    routeKey: 'GET /a',
    failure: 'throttle',
    attempt: 1,
    delayMs: 20,
  })
  expect(lines).toMatchObject([{ event: 'retry', failure: 'throttle', attempt: 1 }])
})

test('AccessLogSuccessPercent thins out the lines of 2xx responses and no others', () => {
  const draws = [0.1, 0.6]
  const { telemetry, lines } = setUp('info', { successPercent: 50, random: () => draws.shift() ?? 1 })
  telemetry.requestEnded.publish?.({ ...request, requestId: 'written' })
  telemetry.requestEnded.publish?.({ ...request, requestId: 'left out' })
  telemetry.requestEnded.publish?.({ ...request, requestId: 'not found', status: 404 })
  telemetry.requestEnded.publish?.({ ...request, requestId: 'cut', outcome: 'reset' })
  expect(lines.map(({ requestId }) => requestId)).toEqual(['written', 'not found', 'cut'])
})

test('the line of a recorded request names its trace', () => {
  const { telemetry, lines } = setUp('info', { traceIdOf: (id) => `trace of ${id}` })
  telemetry.requestEnded.publish?.(request)
  expect(lines).toMatchObject([{ traceId: 'trace of r-1' }])
})

test('probes are told at debug only', () => {
  const { telemetry, lines } = setUp()
  telemetry.requestEnded.publish?.({ ...request, probe: true })
  expect(lines).toEqual([])
})

test('what could not be read as HTTP has a line of its own', () => {
  const { telemetry, lines } = setUp()
  const error = new Error('Parse Error: Invalid header value char')
  telemetry.requestRejected.publish?.({ requestId: 'r-2', status: 400, code: 'bad_request', error })
  expect(lines).toMatchObject([
    { event: 'request_rejected', requestId: 'r-2', status: 400, code: 'bad_request', error: error.message },
  ])
})
