import protobuf from 'protobufjs'

/**
 * What the tests read of OTLP, by field number, after opentelemetry-proto. Fields that are left out are skipped by the
 * decoder. https://github.com/open-telemetry/opentelemetry-proto
 */
const PROTO = `
syntax = "proto3";
package otlp;
message AnyValue { oneof value { string string_value = 1; bool bool_value = 2; int64 int_value = 3; double double_value = 4; } }
message KeyValue { string key = 1; AnyValue value = 2; }
message Resource { repeated KeyValue attributes = 1; }
message Scope { string name = 1; string version = 2; }
message Event { fixed64 time_unix_nano = 1; string name = 2; repeated KeyValue attributes = 3; }
message Link { bytes trace_id = 1; bytes span_id = 2; }
message Status { string message = 2; int32 code = 3; }
message Span {
  bytes trace_id = 1; bytes span_id = 2; string trace_state = 3; bytes parent_span_id = 4; string name = 5; int32 kind = 6;
  fixed64 start_time_unix_nano = 7; fixed64 end_time_unix_nano = 8; repeated KeyValue attributes = 9;
  repeated Event events = 11; repeated Link links = 13; Status status = 15;
}
message ScopeSpans { Scope scope = 1; repeated Span spans = 2; }
message ResourceSpans { Resource resource = 1; repeated ScopeSpans scope_spans = 2; }
message Traces { repeated ResourceSpans resource_spans = 1; }
message Metric { string name = 1; string description = 2; string unit = 3; }
message ScopeMetrics { Scope scope = 1; repeated Metric metrics = 2; }
message ResourceMetrics { Resource resource = 1; repeated ScopeMetrics scope_metrics = 2; }
message Metrics { repeated ResourceMetrics resource_metrics = 1; }
`

const root = protobuf.parse(PROTO, { keepCase: false }).root

type Attributes = Record<string, string | number | boolean>

/** A span as a collector sees it; ids in hexadecimal, times in ns. */
export interface ReceivedSpan {
  traceId: string
  spanId: string
  /** Empty for a root. */
  parentSpanId: string
  name: string
  kind: 'SERVER' | 'CLIENT' | 'other'
  startNs: bigint
  endNs: bigint
  attributes: Attributes
  events: { name: string; attributes: Attributes }[]
  links: { traceId: string; spanId: string }[]
  status: { code: 'UNSET' | 'OK' | 'ERROR'; message: string }
  resource: Attributes
}

interface Decoded {
  [key: string]: unknown
}

export function decodeSpans(bytes: Uint8Array): ReceivedSpan[] {
  return list(decode('otlp.Traces', bytes), 'resourceSpans').flatMap((group) => {
    const resource = attributesOf(group.resource as Decoded)
    return list(group, 'scopeSpans').flatMap((scope) =>
      list(scope, 'spans').map((span) => spanOf(span, resource)),
    )
  })
}

/** Names of the metrics in a message, with their units. */
export function decodeMetricNames(bytes: Uint8Array): { name: string; unit: string }[] {
  return list(decode('otlp.Metrics', bytes), 'resourceMetrics')
    .flatMap((group) => list(group, 'scopeMetrics'))
    .flatMap((scope) => list(scope, 'metrics'))
    .map(({ name, unit }) => ({ name: String(name), unit: String(unit) }))
}

function decode(type: string, bytes: Uint8Array): Decoded {
  const message = root.lookupType(type)
  return message.toObject(message.decode(bytes), { longs: String, arrays: true, defaults: true }) as Decoded
}

function spanOf(span: Decoded, resource: Attributes): ReceivedSpan {
  const status = (span.status ?? {}) as Decoded
  return {
    traceId: hex(span.traceId),
    spanId: hex(span.spanId),
    parentSpanId: hex(span.parentSpanId),
    name: String(span.name),
    kind: span.kind === 2 ? 'SERVER' : span.kind === 3 ? 'CLIENT' : 'other',
    startNs: BigInt(String(span.startTimeUnixNano)),
    endNs: BigInt(String(span.endTimeUnixNano)),
    attributes: attributesOf(span),
    events: list(span, 'events').map((event) => ({
      name: String(event.name),
      attributes: attributesOf(event),
    })),
    links: list(span, 'links').map((link) => ({ traceId: hex(link.traceId), spanId: hex(link.spanId) })),
    status: {
      code: (['UNSET', 'OK', 'ERROR'] as const)[Number(status.code ?? 0)] ?? 'UNSET',
      message: String(status.message ?? ''),
    },
    resource,
  }
}

function attributesOf(holder: Decoded): Attributes {
  return Object.fromEntries(
    list(holder, 'attributes').map(({ key, value }) => [String(key), anyValue(value as Decoded)]),
  )
}

function anyValue(value: Decoded): string | number | boolean {
  if ('stringValue' in value) return String(value.stringValue)
  if ('boolValue' in value) return Boolean(value.boolValue)
  return Number(value.intValue ?? value.doubleValue)
}

function list(holder: Decoded, name: string): Decoded[] {
  return (holder[name] ?? []) as Decoded[]
}

function hex(bytes: unknown): string {
  return Buffer.from(bytes as Uint8Array).toString('hex')
}
