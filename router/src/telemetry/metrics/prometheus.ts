import { PrometheusSerializer } from '@opentelemetry/exporter-prometheus'
import {
  type MetricData,
  type MetricProducer,
  MetricReader,
  type ResourceMetrics,
} from '@opentelemetry/sdk-metrics'

/** Metrics as they stand, on demand. */
export class PrometheusReader extends MetricReader {
  /** `otel_scope_*` labels would say the same of every series. */
  readonly #serializer = new PrometheusSerializer('', false, undefined, false, true)

  constructor(distributions: MetricProducer) {
    super({ metricProducers: [distributions] })
  }

  /** The whole page. Rejects if a metric cannot be read. */
  async page(): Promise<string> {
    const { resourceMetrics, errors } = await this.collect()
    if (errors.length > 0) throw new AggregateError(errors, 'metrics could not be read')
    return this.#serializer.serialize(withUnits(resourceMetrics))
  }

  protected override onShutdown(): Promise<void> {
    return Promise.resolve()
  }

  protected override onForceFlush(): Promise<void> {
    return Promise.resolve()
  }
}

const UNIT_SUFFIX: Record<string, string> = { s: '_seconds', By: '_bytes', '1': '_ratio' }

/**
 * The name of a metric in Prometheus, but for the `_total` of counters: units are part of it there and not in OTLP.
 * https://opentelemetry.io/docs/specs/otel/compatibility/prometheus_and_openmetrics/
 */
export function prometheusName(name: string, unit: string): string {
  return name.replaceAll('.', '_') + (UNIT_SUFFIX[unit] ?? '')
}

function withUnits({ resource, scopeMetrics }: ResourceMetrics): ResourceMetrics {
  const renamed = (metric: MetricData): MetricData => {
    const { name, unit } = metric.descriptor
    return { ...metric, descriptor: { ...metric.descriptor, name: prometheusName(name, unit), unit: '' } }
  }
  return {
    resource,
    scopeMetrics: scopeMetrics.map(({ scope, metrics }) => ({ scope, metrics: metrics.map(renamed) })),
  }
}
