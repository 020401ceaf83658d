import { type Attributes, type HrTime, ValueType } from '@opentelemetry/api'
import { hrTime } from '@opentelemetry/core'
import type { Resource } from '@opentelemetry/resources'
import {
  AggregationTemporality,
  type CollectionResult,
  DataPointType,
  type HistogramMetricData,
  type MetricProducer,
} from '@opentelemetry/sdk-metrics'
import { METRICS, type MetricName } from './definitions.ts'

type Point = HistogramMetricData['dataPoints'][number]

/** What has been recorded with one label set. */
interface Series {
  counts: number[]
  count: number
  sum: number
  min: number
  max: number
}

/**
 * A histogram that is read when somebody collects. The SDK's own finds its series by a text made of the labels, for each
 * value anew; here a label set is an object that is always the same one, as with `Tally`.
 */
export class Distribution {
  readonly #shares: Share[]

  constructor(name: MetricName, producers: DistributionProducer[]) {
    this.#shares = producers.map((producer) => producer.share(name))
  }

  /** `labels`: one of a `RouteLabels`, which makes each only once. */
  record(value: number, labels: Attributes): void {
    for (const share of this.#shares) share.record(value, labels)
  }
}

/** One reader's share of a histogram: readers collect at times of their own, and each may want what is new to it. */
class Share {
  readonly #name: MetricName
  readonly #boundaries: readonly number[]
  readonly #series = new Map<Attributes, Series>()

  constructor(name: MetricName) {
    const definition = METRICS[name]
    if (!('buckets' in definition)) throw new Error(`${name} is no histogram`)
    this.#name = name
    this.#boundaries = definition.buckets
  }

  record(value: number, labels: Attributes): void {
    const series = this.#seriesOf(labels)
    const bucket = bucketOf(value, this.#boundaries)
    series.counts[bucket] = (series.counts[bucket] ?? 0) + 1
    series.count += 1
    series.sum += value
    if (value < series.min) series.min = value
    if (value > series.max) series.max = value
  }

  data(temporality: AggregationTemporality, startTime: HrTime, endTime: HrTime): HistogramMetricData {
    const { unit, description } = METRICS[this.#name]
    return {
      descriptor: { name: this.#name, unit, description, valueType: ValueType.DOUBLE },
      aggregationTemporality: temporality,
      dataPointType: DataPointType.HISTOGRAM,
      dataPoints: Array.from(this.#series, ([attributes, series]) => ({
        startTime,
        endTime,
        attributes,
        value: this.#value(series),
      })),
    }
  }

  forget(): void {
    this.#series.clear()
  }

  #value({ counts, count, sum, min, max }: Series): Point['value'] {
    return { buckets: { boundaries: [...this.#boundaries], counts: [...counts] }, count, sum, min, max }
  }

  #seriesOf(labels: Attributes): Series {
    const known = this.#series.get(labels)
    if (known !== undefined) return known
    const series: Series = {
      counts: new Array<number>(this.#boundaries.length + 1).fill(0),
      count: 0,
      sum: 0,
      min: Number.POSITIVE_INFINITY,
      max: Number.NEGATIVE_INFINITY,
    }
    this.#series.set(labels, series)
    return series
  }
}

/** Bounds are inclusive upper bounds, as OpenTelemetry and Prometheus have them. */
function bucketOf(value: number, boundaries: readonly number[]): number {
  let bucket = 0
  for (const bound of boundaries) {
    if (value <= bound) break
    bucket += 1
  }
  return bucket
}

/** Gives one reader of the SDK what the distributions hold, beside what the SDK itself counts. */
export class DistributionProducer implements MetricProducer {
  readonly #resource: Resource
  readonly #scope: { name: string; version: string }
  readonly #temporality: AggregationTemporality
  readonly #shares: Share[] = []
  #since = hrTime()

  constructor(
    resource: Resource,
    scope: { name: string; version: string },
    temporality: AggregationTemporality,
  ) {
    this.#resource = resource
    this.#scope = scope
    this.#temporality = temporality
  }

  share(name: MetricName): Share {
    const share = new Share(name)
    this.#shares.push(share)
    return share
  }

  collect(): Promise<CollectionResult> {
    const now = hrTime()
    const metrics = this.#shares
      .map((share) => share.data(this.#temporality, this.#since, now))
      .filter(({ dataPoints }) => dataPoints.length > 0)
    if (this.#temporality === AggregationTemporality.DELTA) {
      for (const share of this.#shares) share.forget()
      this.#since = now
    }
    const scopeMetrics = metrics.length === 0 ? [] : [{ scope: this.#scope, metrics }]
    return Promise.resolve({ resourceMetrics: { resource: this.#resource, scopeMetrics }, errors: [] })
  }
}
