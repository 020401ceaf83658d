import type { Attributes } from '@opentelemetry/api'
import { type ExportResult, ExportResultCode } from '@opentelemetry/core'
import {
  AggregationTemporality,
  DataPointType,
  type Histogram,
  type MetricData,
  type PushMetricExporter,
  type ResourceMetrics,
} from '@opentelemetry/sdk-metrics'
import { prometheusName } from './prometheus.ts'

/** Labels that say how something ended; each is a dimension beside the route, not with it: CloudWatch bills per set. */
const OWN_LABELS = ['outcome', 'code', 'flush_reason', 'failure', 'kind', 'status_class']
/** Most numbers that one value of the format may hold. */
const MAX_VALUES = 100

type Value = number | { Values: number[]; Counts: number[] }

/** One document of the format: metrics that share their labels. */
interface Group {
  labels: Record<string, string | number>
  metrics: Record<string, { value: Value; unit: string }>
}

/**
 * Metrics as CloudWatch's Embedded Metric Format, one JSON document a line: CloudWatch Logs makes metrics of them, for
 * platforms without a scraper. https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/CloudWatch_Embedded_Metric_Format_Specification.html
 */
export class EmfExporter implements PushMetricExporter {
  readonly #namespace: string
  readonly #write: (line: string) => void

  constructor(namespace: string, write: (line: string) => void) {
    this.#namespace = namespace
    this.#write = write
  }

  export(metrics: ResourceMetrics, done: (result: ExportResult) => void): void {
    const service = String(metrics.resource.attributes['service.name'])
    const data = metrics.scopeMetrics.flatMap((scope) => scope.metrics)
    for (const group of groupByLabels(data))
      this.#write(`${JSON.stringify(document(this.#namespace, service, group))}\n`)
    done({ code: ExportResultCode.SUCCESS })
  }

  /** CloudWatch adds up by itself. */
  selectAggregationTemporality(): AggregationTemporality {
    return AggregationTemporality.DELTA
  }

  forceFlush(): Promise<void> {
    return Promise.resolve()
  }

  shutdown(): Promise<void> {
    return Promise.resolve()
  }
}

function groupByLabels(data: MetricData[]): Iterable<Group> {
  const groups = new Map<string, Group>()
  for (const metric of data) {
    const { name, unit } = metric.descriptor
    for (const { attributes, value } of metric.dataPoints) {
      const emf = emfValue(value as number | Histogram)
      // A counter that did not move would only cost money; a gauge at zero is a figure like any other.
      if (emf === undefined || (emf === 0 && metric.dataPointType === DataPointType.SUM)) continue
      const labels = emfLabels(attributes)
      const key = JSON.stringify(labels)
      const group = groups.get(key) ?? { labels, metrics: {} }
      groups.set(key, group)
      group.metrics[emfName(metric, name, unit)] = { value: emf, unit: emfUnit(unit) }
    }
  }
  return groups.values()
}

function emfName({ dataPointType }: MetricData, name: string, unit: string): string {
  return prometheusName(name, unit) + (dataPointType === DataPointType.SUM ? '_total' : '')
}

function emfLabels(attributes: Attributes): Record<string, string | number> {
  const labels: Record<string, string | number> = {}
  for (const [name, value] of Object.entries(attributes)) {
    labels[name.replaceAll('.', '_')] = typeof value === 'number' ? value : String(value)
  }
  const status = attributes['http.response.status_code']
  if (typeof status === 'number') labels.status_class = `${Math.floor(status / 100)}xx`
  return labels
}

function emfUnit(unit: string): string {
  if (unit === 's') return 'Seconds'
  if (unit === 'By') return 'Bytes'
  return unit === '1' ? 'None' : 'Count'
}

function document(namespace: string, service: string, { labels, metrics }: Group): object {
  const sets = [['service_name']]
  for (const name of ['http_route', ...OWN_LABELS]) if (name in labels) sets.push(['service_name', name])
  return {
    _aws: {
      Timestamp: Date.now(),
      CloudWatchMetrics: [
        {
          Namespace: namespace,
          Dimensions: sets,
          Metrics: Object.entries(metrics).map(([Name, { unit }]) => ({ Name, Unit: unit })),
        },
      ],
    },
    service_name: service,
    ...labels,
    ...Object.fromEntries(Object.entries(metrics).map(([name, { value }]) => [name, value])),
  }
}

function emfValue(value: number | Histogram): Value | undefined {
  if (typeof value === 'number') return value
  if (value.count === 0) return undefined
  const { counts, boundaries } = value.buckets
  const { min = 0, max = boundaries.at(-1) ?? 0 } = value
  const filled = counts
    .map((count, index) => ({
      count,
      middle: middleOf(boundaries[index - 1] ?? min, boundaries[index] ?? max, min, max),
    }))
    .filter(({ count }) => count > 0)
    .slice(0, MAX_VALUES)
  return { Values: filled.map(({ middle }) => middle), Counts: filled.map(({ count }) => count) }
}

/** What stands for the values of a bucket: its middle, as far as values lie in it. */
function middleOf(lower: number, upper: number, min: number, max: number): number {
  return (Math.max(lower, min) + Math.min(upper, max)) / 2
}
