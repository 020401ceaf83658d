import type { SpanContext } from '@opentelemetry/api'
import type { IdGenerator } from '@opentelemetry/sdk-trace'
import { timeStamp, XRayIdGenerator } from './xray-ids.ts'

/** What a span is known by. */
export type SpanIds = Pick<SpanContext, 'traceId' | 'spanId'>

/** The same, with the trace id in the two parts in which X-Ray writes it. */
export interface RequestIds extends SpanIds {
  /** The first 32 bits of the trace id: of the time, for X-Ray. */
  begin: string
  rest: string
}

/**
 * The ids of the span of a request, which are those of the request: a version 4 UUID has 122 random bits, of which the trace id
 * shows all and the span id the last 62. So nothing has to be kept for requests that are not recorded, and who has one id
 * of a request has the other. `r-00000000-0000-4000-8000-000000000000` is what a request id looks like.
 */
export function idsOfRequest(requestId: string, begin = requestId.slice(2, 10)): RequestIds {
  const spanId = requestId.slice(21, 25) + requestId.slice(26)
  const rest = requestId.slice(11, 15) + requestId.slice(16, 20) + spanId
  return { traceId: begin + rest, begin, rest, spanId }
}

/**
 * Ids of which those of the next span may be given: whether a request is recorded follows from its trace id, and is decided
 * before it has a span, because most are not recorded and need none.
 */
export class GivenIds implements IdGenerator {
  readonly #inner: IdGenerator
  #given: SpanIds | undefined

  constructor(inner: IdGenerator) {
    this.#inner = inner
  }

  /** Those of a request's span, in the form that the tracer makes ids in. */
  of(requestId: string): RequestIds {
    return idsOfRequest(requestId, this.#inner instanceof XRayIdGenerator ? timeStamp() : undefined)
  }

  /** The one span that `start` starts gets these ids. */
  giving<Started>(ids: SpanIds, start: () => Started): Started {
    this.#given = ids
    try {
      return start()
    } finally {
      this.#given = undefined
    }
  }

  generateTraceId(): string {
    return this.#given?.traceId ?? this.#inner.generateTraceId()
  }

  generateSpanId(): string {
    return this.#given?.spanId ?? this.#inner.generateSpanId()
  }
}
