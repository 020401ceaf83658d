import { Writable } from 'node:stream'
import { Telemetry } from './events.ts'
import { createLogger } from './log.ts'
import { type SignalsOptions, startSignals } from './start.ts'

const before = { ...process.env }

afterEach(() => {
  process.env = { ...before }
})

async function start(
  environment: Record<string, string>,
  manifest: Partial<SignalsOptions['manifest']> = {},
  write?: (line: string) => void,
) {
  const lines: Record<string, unknown>[] = []
  const sink = new Writable({
    write(chunk, _encoding, done) {
      lines.push(JSON.parse(String(chunk)))
      done()
    },
  })
  Object.assign(process.env, environment)
  const telemetry = new Telemetry()
  const signals = await startSignals({
    telemetry,
    manifest: { AccessLogSuccessPercent: 100, TraceUrlQuery: false, ...manifest },
    logger: createLogger('info', {}, sink),
    ...(write === undefined ? {} : { write }),
  })
  return { signals, telemetry, lines }
}

const router = { routes: [], figures: { inflightRequests: 2 }, routeFigures: () => [] }

test('without settings no signal but the log is on', async () => {
  const { signals, telemetry } = await start({})
  expect(signals).toMatchObject({ adminPages: {}, propagation: undefined })
  expect(telemetry.requestStarted.publish).toBeUndefined()
  await signals.stop()
})

test.each([
  ['OTEL_EXPORTER_OTLP_PROTOCOL', { OTEL_EXPORTER_OTLP_PROTOCOL: 'http/json' }],
  ['LPR_OTEL_HEADERS_JSON', { LPR_OTEL_HEADERS_JSON: 'secret' }],
  ['OTEL_TRACES_SAMPLER', { OTEL_TRACES_SAMPLER: 'dice' }],
  ['OTEL_PROPAGATORS', { OTEL_PROPAGATORS: 'b3' }],
  ['OTEL_BSP_MAX_QUEUE_SIZE', { OTEL_BSP_MAX_QUEUE_SIZE: '0' }],
])('a bad %s switches traces off and is told in the log; the router goes on', async (name, environment) => {
  const { signals, lines } = await start({
    OTEL_EXPORTER_OTLP_ENDPOINT: 'http://127.0.0.1:9',
    OTEL_METRICS_EXPORTER: 'none',
    ...environment,
  })
  expect(signals.propagation).toBeUndefined()
  const message = expect.stringMatching(`^${name}: `)
  expect(lines).toMatchObject([{ level: 'error', event: 'telemetry_setting', message }])
  expect(JSON.stringify(lines)).not.toContain('secret')
  await signals.stop()
})

test('a collector that cannot be used does not cost /metrics', async () => {
  const { signals, lines } = await start(
    {
      OTEL_EXPORTER_OTLP_ENDPOINT: 'http://c',
      OTEL_TRACES_EXPORTER: 'none',
      OTEL_EXPORTER_OTLP_PROTOCOL: 'json',
    },
    { AdminListenAddr: '127.0.0.1:0' },
  )
  expect(Object.keys(signals.adminPages)).toEqual(['/metrics'])
  expect(lines).toMatchObject([{ event: 'telemetry_setting' }])
  await signals.stop()
})

test('AdminListenAddr brings /metrics', async () => {
  const { signals } = await start({}, { AdminListenAddr: '127.0.0.1:0' })
  expect(Object.keys(signals.adminPages)).toEqual(['/metrics'])
  await signals.stop()
})

test('EmfNamespace writes documents to standard output, the last at the end', async () => {
  const written: string[] = []
  const { signals } = await start({}, { EmfNamespace: 'Shop' }, (line) => written.push(line))
  signals.observe(router)
  await signals.stop()
  const documents = written.map((line) => JSON.parse(line))
  expect(documents).toContainEqual(expect.objectContaining({ lpr_inflight_requests: 2 }))
})

test('a collector out of reach is told in the log and holds nothing up', async () => {
  const { signals, telemetry, lines } = await start({
    OTEL_EXPORTER_OTLP_ENDPOINT: 'http://127.0.0.1:9',
    OTEL_EXPORTER_OTLP_TIMEOUT: '100',
  })
  signals.observe(router)
  expect(telemetry.requestStarted.publish).toBeDefined()
  await signals.stop()
  expect(lines).toContainEqual(expect.objectContaining({ level: 'warn', event: 'telemetry' }))
})
