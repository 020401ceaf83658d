import { MeterProvider, PeriodicExportingMetricReader } from '@opentelemetry/sdk-metrics'
import { routerResource } from '../resource.ts'
import { EmfExporter } from './emf.ts'

interface Line {
  _aws: { Timestamp: number; CloudWatchMetrics: { Dimensions: string[][]; Metrics: object[] }[] }
  [name: string]: unknown
}

const providers: MeterProvider[] = []

afterAll(() => Promise.all(providers.map((provider) => provider.shutdown())))

function setUp() {
  const lines: Line[] = []
  const exporter = new EmfExporter('Shop/Router', (line) => lines.push(JSON.parse(line)))
  const reader = new PeriodicExportingMetricReader({ exporter, exportIntervalMillis: 3_600_000 })
  const provider = new MeterProvider({ resource: routerResource({}), readers: [reader] })
  providers.push(provider)
  const flush = async (): Promise<Line[]> => {
    await provider.forceFlush()
    return lines.splice(0)
  }
  return { meter: provider.getMeter('test'), flush }
}

test('metrics with the same labels are one document, with the route and the own label as dimensions', async () => {
  const { meter, flush } = setUp()
  const labels = { 'http.route': '/a', method: 'GET', function: 'f', outcome: 'ok' }
  meter.createCounter('lpr.items', { unit: '{request}' }).add(3, labels)
  meter.createHistogram('lpr.invoke.duration', { unit: 's' }).record(0.25, labels)
  expect(await flush()).toEqual([
    {
      _aws: {
        Timestamp: expect.any(Number),
        CloudWatchMetrics: [
          {
            Namespace: 'Shop/Router',
            Dimensions: [['service_name'], ['service_name', 'http_route'], ['service_name', 'outcome']],
            Metrics: [
              { Name: 'lpr_items_total', Unit: 'Count' },
              { Name: 'lpr_invoke_duration_seconds', Unit: 'Seconds' },
            ],
          },
        ],
      },
      service_name: 'lpr-router',
      http_route: '/a',
      method: 'GET',
      function: 'f',
      outcome: 'ok',
      lpr_items_total: 3,
      lpr_invoke_duration_seconds: { Values: [0.25], Counts: [1] },
    },
  ])
})

test('a bucket is told by its middle, as far as there are values in it', async () => {
  const { meter, flush } = setUp()
  const advice = { explicitBucketBoundaries: [1, 2, 4] }
  const histogram = meter.createHistogram('lpr.batch.size', { unit: '{request}', advice })
  for (const size of [0.5, 3, 3, 9]) histogram.record(size)
  expect((await flush())[0]?.lpr_batch_size).toEqual({ Values: [0.75, 3, 6.5], Counts: [1, 2, 1] })
})

test('only what happened since the last time is told, and a counter that did not move is left out', async () => {
  const { meter, flush } = setUp()
  const counter = meter.createCounter('lpr.retries', { unit: '{invocation}' })
  meter.createObservableGauge('lpr.inflight.requests').addCallback((result) => result.observe(0))
  counter.add(2)
  expect(await flush()).toMatchObject([{ lpr_retries_total: 2, lpr_inflight_requests: 0 }])
  expect(await flush()).toEqual([expect.not.objectContaining({ lpr_retries_total: expect.anything() })])
  counter.add(1)
  expect(await flush()).toMatchObject([{ lpr_retries_total: 1 }])
})

test('statuses are told by their class', async () => {
  const { meter, flush } = setUp()
  const histogram = meter.createHistogram('http.server.request.duration', { unit: 's' })
  histogram.record(1, { 'http.response.status_code': 502 })
  const [line] = await flush()
  expect(line).toMatchObject({ status_class: '5xx', http_response_status_code: 502 })
  expect(line?._aws.CloudWatchMetrics[0]?.Dimensions).toEqual([
    ['service_name'],
    ['service_name', 'status_class'],
  ])
})
