import { VERSION } from '@lpr/contract'
import type { Resource } from '@opentelemetry/resources'
import {
  BatchSpanProcessor,
  RandomIdGenerator,
  type SpanExporter,
  TracerProvider,
} from '@opentelemetry/sdk-trace'
import { positiveInteger } from '../otlp.ts'
import { GivenIds } from './given-ids.ts'
import { propagatorOf, unrecordedFields } from './propagation.ts'
import { samplerOf } from './sampler.ts'
import { Spans } from './spans.ts'
import { XRayIdGenerator } from './xray-ids.ts'

export interface TracesOptions {
  exporter: SpanExporter
  resource: Resource
  environment: Record<string, string | undefined>
  showQuery: boolean
}

/** Makes what traces, to be subscribed. Throws TelemetrySettingError. */
export function startTraces(options: TracesOptions) {
  const { exporter, resource, environment, showQuery } = options
  const forXRay = environment.LPR_OBSERVABILITY_VENDOR === 'AWSXRAY'
  const ids = new GivenIds(forXRay ? new XRayIdGenerator() : new RandomIdGenerator())
  const sampler = samplerOf(environment)
  const provider = new TracerProvider({
    resource,
    sampler,
    idGenerator: ids,
    // A batch may hold more requests than the default of 128, and each is to be found.
    spanLimits: { linkCountLimit: Number.MAX_SAFE_INTEGER },
    spanProcessors: [new BatchSpanProcessor({ exporter, ...batchOptions(environment) })],
  })
  const tracer = provider.getTracer('lpr-router', VERSION)
  const spans = new Spans({
    tracer,
    sampler,
    ids,
    propagator: propagatorOf(environment),
    unrecordedFields: unrecordedFields(environment),
    showQuery,
  })
  return { spans, shutdown: (): Promise<void> => provider.shutdown() }
}

/** Standard variables that this version of the SDK leaves to its user. */
const BATCH_VARIABLES = {
  scheduledDelayMillis: 'OTEL_BSP_SCHEDULE_DELAY',
  exportTimeoutMillis: 'OTEL_BSP_EXPORT_TIMEOUT',
  maxQueueSize: 'OTEL_BSP_MAX_QUEUE_SIZE',
  maxExportBatchSize: 'OTEL_BSP_MAX_EXPORT_BATCH_SIZE',
}

function batchOptions(environment: TracesOptions['environment']): Record<string, number> {
  const entries = Object.entries(BATCH_VARIABLES).map(([option, name]) => [
    option,
    positiveInteger(name, environment),
  ])
  return Object.fromEntries(entries.filter(([, value]) => value !== undefined))
}
