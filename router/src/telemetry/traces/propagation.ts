import type { IncomingHttpHeaders } from 'node:http'
import type { TextMapGetter, TextMapPropagator, TextMapSetter } from '@opentelemetry/api'
import { CompositePropagator, W3CBaggagePropagator, W3CTraceContextPropagator } from '@opentelemetry/core'
import { AWSXRayPropagator } from '@opentelemetry/propagator-aws-xray'
import type { HeaderValues } from '../../http/headers.ts'
import { TelemetrySettingError } from '../otlp.ts'

/** On reading, the later wins where a request carries both contexts. */
const DEFAULT = 'xray,tracecontext,baggage'

const PROPAGATORS = new Map<string, () => TextMapPropagator>([
  ['xray', () => new AWSXRayPropagator()],
  ['tracecontext', () => new W3CTraceContextPropagator()],
  ['baggage', () => new W3CBaggagePropagator()],
])

/** The propagators that `OTEL_PROPAGATORS` names, `none` for none. Throws TelemetrySettingError. */
export function propagatorOf(environment: Record<string, string | undefined>): TextMapPropagator {
  const names = (environment.OTEL_PROPAGATORS?.trim().toLowerCase() || DEFAULT).split(',')
  const propagators = names
    .map((name) => name.trim())
    .filter((name) => name !== '' && name !== 'none')
    .map((name) => {
      const make = PROPAGATORS.get(name)
      if (make === undefined)
        throw new TelemetrySettingError(`OTEL_PROPAGATORS: expected ${DEFAULT} or none, got ${name}`)
      return make()
    })
  return new CompositePropagator({ propagators })
}

export const requestHeaders: TextMapGetter<IncomingHttpHeaders> = {
  get: (headers, name) => headers[name],
  keys: (headers) => Object.keys(headers),
}

export const itemHeaders: TextMapSetter<HeaderValues> = {
  set: (headers, name, value) => headers.set(name.toLowerCase(), [value]),
}
