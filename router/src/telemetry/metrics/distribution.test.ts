import { AggregationTemporality, type HistogramMetricData } from '@opentelemetry/sdk-metrics'
import { routerResource } from '../resource.ts'
import { Distribution, DistributionProducer } from './distribution.ts'

const LABELS = { 'http.route': '/a', method: 'GET', function: 'f' }
const OTHERS = { 'http.route': '/b', method: 'GET', function: 'f' }

function setUp(...temporalities: AggregationTemporality[]) {
  const producers = temporalities.map(
    (temporality) => new DistributionProducer(routerResource({}), { name: 's', version: '1' }, temporality),
  )
  const sizes = new Distribution('lpr.batch.size', producers)
  const collect = async (index = 0): Promise<HistogramMetricData[]> => {
    const result = await producers[index]?.collect()
    return (result?.resourceMetrics.scopeMetrics ?? []).flatMap(
      ({ metrics }) => metrics,
    ) as HistogramMetricData[]
  }
  return { sizes, collect }
}

const { CUMULATIVE, DELTA } = AggregationTemporality

test('a value at a bound belongs to its bucket, one beyond the last bound to the open one', async () => {
  const { sizes, collect } = setUp(CUMULATIVE)
  for (const size of [1, 2, 2, 3, 512, 513]) sizes.record(size, LABELS)
  const [metric] = await collect()
  expect(metric?.dataPoints).toEqual([
    expect.objectContaining({
      attributes: LABELS,
      value: {
        buckets: {
          boundaries: [1, 2, 4, 8, 16, 32, 64, 128, 256, 512],
          counts: [1, 2, 1, 0, 0, 0, 0, 0, 0, 1, 1],
        },
        count: 6,
        sum: 1033,
        min: 1,
        max: 513,
      },
    }),
  ])
  expect(metric).toMatchObject({ descriptor: { name: 'lpr.batch.size' }, aggregationTemporality: CUMULATIVE })
})

test('each label set is a series', async () => {
  const { sizes, collect } = setUp(CUMULATIVE)
  sizes.record(1, LABELS)
  sizes.record(4, OTHERS)
  const [metric] = await collect()
  expect(metric?.dataPoints.map(({ attributes, value }) => [attributes, value.sum])).toEqual([
    [LABELS, 1],
    [OTHERS, 4],
  ])
})

test('totals go on from reading to reading, deltas begin anew, and no reader takes from another', async () => {
  const { sizes, collect } = setUp(CUMULATIVE, DELTA)
  const counts = async (index: number) => (await collect(index))[0]?.dataPoints[0]?.value.count
  sizes.record(1, LABELS)
  expect([await counts(0), await counts(1)]).toEqual([1, 1])
  sizes.record(1, LABELS)
  sizes.record(1, LABELS)
  expect([await counts(0), await counts(1), await counts(1)]).toEqual([3, 2, undefined])
})

test('a delta begins where the one before it ended', async () => {
  const { sizes, collect } = setUp(DELTA)
  sizes.record(1, LABELS)
  const [first] = await collect()
  sizes.record(1, LABELS)
  const [second] = await collect()
  expect(second?.dataPoints[0]?.startTime).toEqual(first?.dataPoints[0]?.endTime)
})

test('what was given does not change afterwards', async () => {
  const { sizes, collect } = setUp(CUMULATIVE)
  sizes.record(1, LABELS)
  const [metric] = await collect()
  sizes.record(1, LABELS)
  expect(metric?.dataPoints[0]?.value).toMatchObject({
    count: 1,
    buckets: { counts: expect.arrayContaining([1]) },
  })
})
