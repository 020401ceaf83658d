import { VERSION } from '@lpr/contract'
import type { Resource } from '@opentelemetry/resources'
import {
  AggregationTemporality,
  type IMetricReader,
  InstrumentType,
  MeterProvider,
  PeriodicExportingMetricReader,
  type PushMetricExporter,
} from '@opentelemetry/sdk-metrics'
import type { Telemetry } from '../events.ts'
import { DistributionProducer } from './distribution.ts'
import type { LabelledRoute } from './labels.ts'
import { type Observed, observeMetrics } from './observe.ts'
import { PrometheusReader } from './prometheus.ts'
import { recordMetrics } from './record.ts'

export interface MetricsOptions {
  resource: Resource
  /** Whether somebody may ask for the page. */
  withPage: boolean
  /** Each pushes on its own at the interval given; standard: `OTEL_METRIC_EXPORT_INTERVAL`, a minute. */
  exporters: { exporter: PushMetricExporter; intervalMs: number }[]
}

const SCOPE = { name: 'lpr-router', version: VERSION }

/** Starts metrics: recorded from events, read from the router, given on demand and pushed to the exporters. */
export function startMetrics({ resource, withPage, exporters }: MetricsOptions) {
  const producers: DistributionProducer[] = []
  const newProducer = (temporality: AggregationTemporality): DistributionProducer => {
    const producer = new DistributionProducer(resource, SCOPE, temporality)
    producers.push(producer)
    return producer
  }
  const prometheus = withPage
    ? new PrometheusReader(newProducer(AggregationTemporality.CUMULATIVE))
    : undefined
  const readers: IMetricReader[] = prometheus === undefined ? [] : [prometheus]
  for (const { exporter, intervalMs } of exporters) {
    const temporality = exporter.selectAggregationTemporality?.(InstrumentType.HISTOGRAM)
    const producer = newProducer(temporality ?? AggregationTemporality.CUMULATIVE)
    readers.push(periodic(exporter, intervalMs, producer))
  }
  const provider = new MeterProvider({ resource, readers })
  const drained = prometheus && exporters.length > 0 ? drainRegularly(prometheus) : undefined
  const meter = provider.getMeter(SCOPE.name, SCOPE.version)
  return {
    page: prometheus && (() => prometheus.page()),
    observe(telemetry: Telemetry, router: Observed & { readonly routes: LabelledRoute[] }): void {
      recordMetrics(telemetry, meter, producers, router.routes)
      observeMetrics(meter, router)
    },
    shutdown: (): Promise<void> => {
      clearInterval(drained)
      return provider.shutdown()
    },
  }
}

function periodic(
  exporter: PushMetricExporter,
  intervalMs: number,
  producer: DistributionProducer,
): IMetricReader {
  return new PeriodicExportingMetricReader({
    exporter,
    exportIntervalMillis: intervalMs,
    exportTimeoutMillis: intervalMs / 2,
    metricProducers: [producer],
  })
}

const DRAIN_INTERVAL_MS = 60_000

/**
 * The SDK keeps what one reader has collected until every other has collected it too, without bound: a page that nobody
 * asks for would be a leak. Its figures are totals, so that an extra reading loses nothing.
 */
function drainRegularly(reader: PrometheusReader): NodeJS.Timeout {
  return setInterval(() => void reader.collect(), DRAIN_INTERVAL_MS).unref()
}
