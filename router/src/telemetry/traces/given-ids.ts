import type { SpanContext } from '@opentelemetry/api'
import type { IdGenerator } from '@opentelemetry/sdk-trace'

/** What a span is known by. */
export type SpanIds = Pick<SpanContext, 'traceId' | 'spanId'>

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

  draw(): SpanIds {
    return { traceId: this.#inner.generateTraceId(), spanId: this.#inner.generateSpanId() }
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
