import type { IncomingHttpHeaders } from 'node:http'
import type { TextMapGetter, TextMapPropagator, TextMapSetter } from '@opentelemetry/api'
import { CompositePropagator, W3CBaggagePropagator, W3CTraceContextPropagator } from '@opentelemetry/core'
import { AWSXRayPropagator } from '@opentelemetry/propagator-aws-xray'
import { TelemetrySettingError } from '../otlp.ts'
import type { RequestIds } from './given-ids.ts'

/** On reading, the later wins where a request carries both contexts. */
const DEFAULT = 'xray,tracecontext,baggage'

const PROPAGATORS = new Map<string, () => TextMapPropagator>([
  ['xray', () => new AWSXRayPropagator()],
  ['tracecontext', () => new W3CTraceContextPropagator()],
  ['baggage', () => new W3CBaggagePropagator()],
])

/** The propagators that `OTEL_PROPAGATORS` names, `none` for none. Throws TelemetrySettingError. */
export function propagatorOf(environment: Environment): TextMapPropagator {
  const propagators = namesIn(environment).map((name) => {
    const make = PROPAGATORS.get(name)
    if (make === undefined)
      throw new TelemetrySettingError(`OTEL_PROPAGATORS: expected ${DEFAULT} or none, got ${name}`)
    return make()
  })
  return new CompositePropagator({ propagators })
}

/** Tells the function that a request is not recorded: fields of JSON for the headers of its event. */
export type UnrecordedFields = (ids: RequestIds) => string

/**
 * What the propagators write for a request that is not recorded and came without a context. Nearly all are like that, and
 * by way of the propagators each would take several times as long.
 */
export function unrecordedFields(environment: Environment): UnrecordedFields {
  const names = new Set(namesIn(environment))
  const xray: UnrecordedFields = ({ begin, rest, spanId }) =>
    `"x-amzn-trace-id":"Root=1-${begin}-${rest};Parent=${spanId};Sampled=0"`
  const w3c: UnrecordedFields = ({ traceId, spanId }) => `"traceparent":"00-${traceId}-${spanId}-00"`
  if (!names.has('xray')) return names.has('tracecontext') ? w3c : () => ''
  return names.has('tracecontext') ? (ids) => `${xray(ids)},${w3c(ids)}` : xray
}

type Environment = Record<string, string | undefined>

function namesIn({ OTEL_PROPAGATORS }: Environment): string[] {
  return (OTEL_PROPAGATORS?.trim().toLowerCase() || DEFAULT)
    .split(',')
    .map((name) => name.trim())
    .filter((name) => name !== '' && name !== 'none')
}

export const requestHeaders: TextMapGetter<IncomingHttpHeaders> = {
  get: (headers, name) => headers[name],
  keys: (headers) => Object.keys(headers),
}

export const itemHeaders: TextMapSetter<Record<string, string>> = {
  set(headers, name, value) {
    headers[name.toLowerCase()] = value
  },
}
