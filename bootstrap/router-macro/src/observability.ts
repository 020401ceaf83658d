import { withDefault } from './intrinsics.ts'
import type { Report } from './problems.ts'
import { type Router, section } from './router.ts'
import type { JsonObject } from './template.ts'

export type Vendor = 'AWSXRAY' | 'OTEL' | undefined

/** Name under which the router expects the headers of its collector. */
export const HEADERS_SECRET = 'LPR_OTEL_HEADERS_JSON'

export function vendorOf({ properties, scope }: Router): Vendor {
  const vendor = scope.resolve(section(properties, 'ObservabilityConfiguration').Vendor)
  return vendor === 'AWSXRAY' || vendor === 'OTEL' ? vendor : undefined
}

export function openTelemetry({ properties }: Router): JsonObject {
  return section(section(properties, 'ObservabilityConfiguration'), 'OpentelemetryConfiguration')
}

/** Variables that switch tracing on. The collector of AWSXRAY is App Runner's own, beside each instance. */
export function observabilityVariables(router: Router): JsonObject {
  const vendor = vendorOf(router)
  if (vendor === undefined) return {}
  const { ServiceName } = router.properties
  return {
    LPR_OBSERVABILITY_VENDOR: vendor,
    OTEL_PROPAGATORS: 'xray,tracecontext,baggage',
    OTEL_METRICS_EXPORTER: 'none',
    ...(ServiceName === undefined ? {} : { OTEL_SERVICE_NAME: ServiceName }),
    ...(vendor === 'AWSXRAY' ? xrayVariables() : otelVariables(openTelemetry(router))),
  }
}

function xrayVariables(): JsonObject {
  return {
    OTEL_EXPORTER_OTLP_ENDPOINT: 'http://localhost:4317',
    OTEL_EXPORTER_OTLP_TRACES_PROTOCOL: 'grpc',
    OTEL_EXPORTER_OTLP_INSECURE: 'true',
  }
}

function otelVariables({ TracesEndpoint, Protocol }: JsonObject): JsonObject {
  return {
    OTEL_EXPORTER_OTLP_TRACES_ENDPOINT: TracesEndpoint,
    OTEL_EXPORTER_OTLP_TRACES_PROTOCOL: withDefault(Protocol, 'http/protobuf'),
  }
}

/** Reports vendor settings that do not go together. */
export function checkObservability(view: JsonObject, report: Report): void {
  const { Vendor: vendor, OpentelemetryConfiguration: otel } = section(view, 'ObservabilityConfiguration')
  const path = 'ObservabilityConfiguration'
  if (vendor === 'OTEL' && otel === undefined)
    report(`${path}.OpentelemetryConfiguration`, 'is required for Vendor OTEL')
  if (vendor === 'AWSXRAY' && otel !== undefined)
    report(`${path}.OpentelemetryConfiguration`, 'is for Vendor OTEL only')
}
