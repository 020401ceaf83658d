import type { IncomingMessage } from 'node:http'
import { HEALTH_PATHS } from '@lpr/contract'
import {
  type Context,
  type Link,
  ROOT_CONTEXT,
  type Span,
  SpanKind,
  SpanStatusCode,
  type TextMapPropagator,
  TraceFlags,
  type Tracer,
  trace,
} from '@opentelemetry/api'
import { SamplingDecision } from '@opentelemetry/sdk-trace'
import type { HeaderValues } from '../../http/headers.ts'
import { parseTarget } from '../../http/target.ts'
import { hasStrays, type StrayRecords } from '../../invoke/delivery.ts'
import type {
  InvocationEnded,
  InvocationStarted,
  RequestEnded,
  RequestStarted,
  ResponseStarted,
  Telemetry,
} from '../events.ts'
import { knownMethod } from '../metrics/labels.ts'
import { errorType } from '../outcome.ts'
import type { Propagation } from '../propagation.ts'
import { invocationAttributes, outcomeAttributes, requestAttributes, templateOf } from './attributes.ts'
import type { GivenIds } from './given-ids.ts'
import { itemHeaders, requestHeaders, type UnrecordedFields } from './propagation.ts'
import type { LinkedSampler } from './sampler.ts'

export interface SpansOptions {
  tracer: Tracer
  /** The tracer's own. */
  sampler: LinkedSampler
  /** The tracer's own. */
  ids: GivenIds
  propagator: TextMapPropagator
  unrecordedFields: UnrecordedFields
  /** Whether `url.query` is told as it came. */
  showQuery: boolean
}

/** A request that is recorded, or that came with a context. */
interface Traced {
  span: Span
  /** With the span, and with the baggage that came. */
  context: Context
  invokeMode: string | undefined
}

/**
 * One SERVER span a request, from its head to the last byte of its response; one CLIENT span an attempt to invoke a
 * batch, a root of its own with links to the requests in it.
 */
export class Spans implements Propagation {
  readonly #options: SpansOptions
  readonly #contextHeaders: string[]
  /** Of the others, most where not all are sampled, nothing is kept: their ids follow from the request's. */
  readonly #requests = new Map<string, Traced>()
  /** By batch: there is one attempt at a time. */
  readonly #invocations = new Map<string, Span>()

  constructor(options: SpansOptions) {
    this.#options = options
    this.#contextHeaders = options.propagator.fields()
  }

  subscribe(telemetry: Telemetry): void {
    telemetry.requestStarted.subscribe((event) => this.#requestStarted(event))
    telemetry.invocationStarted.subscribe((event) => this.#invocationStarted(event))
    telemetry.responseStarted.subscribe((event) => this.#responseStarted(event))
    telemetry.invocationEnded.subscribe((event) => this.#invocationEnded(event))
    telemetry.requestEnded.subscribe((event) => this.#requestEnded(event))
  }

  /** So that what the handler records for an item joins the right request. */
  toItem(requestId: string, headers: HeaderValues): string {
    const { propagator, unrecordedFields, ids } = this.#options
    const traced = this.#requests.get(requestId)
    if (traced === undefined) return unrecordedFields(ids.of(requestId))
    for (const name of this.#contextHeaders) headers.delete(name)
    const fields: Record<string, string> = {}
    propagator.inject(traced.context, fields, itemHeaders)
    return JSON.stringify(fields).slice(1, -1)
  }

  /** Only what is recorded is told: a refusal to sample would overrule what the function decides for itself. */
  toInvocation(batchId: string): string | undefined {
    const span = this.#invocations.get(batchId)
    if (!span?.isRecording()) return undefined
    const headers: Record<string, string> = {}
    this.#options.propagator.inject(trace.setSpan(ROOT_CONTEXT, span), headers, itemHeaders)
    return headers['x-amzn-trace-id']
  }

  /** Trace id of a request under way, for its log line; undefined when it is not recorded. */
  traceIdOf(requestId: string): string | undefined {
    const span = this.#requests.get(requestId)?.span
    return span?.isRecording() ? span.spanContext().traceId : undefined
  }

  #requestStarted({ requestId, request }: RequestStarted): void {
    const { ids, sampler, propagator } = this.#options
    const { headers } = request
    if (this.#contextHeaders.some((header) => headers[header] !== undefined)) {
      this.#trace(requestId, request, propagator.extract(ROOT_CONTEXT, headers, requestHeaders))
      return
    }
    const own = ids.of(requestId)
    // Name and attributes are no matter to the samplers that can be asked for, so they are not made to be thrown away.
    const { decision } = sampler.root.shouldSample(ROOT_CONTEXT, own.traceId, '', SpanKind.SERVER, {}, [])
    if (decision !== SamplingDecision.NOT_RECORD)
      ids.giving(own, () => this.#trace(requestId, request, ROOT_CONTEXT))
  }

  #trace(requestId: string, request: IncomingMessage, parent: Context): void {
    if (isProbe(request.url)) return
    const { tracer, showQuery } = this.#options
    const name = spanMethod(request.method)
    const span = tracer.startSpan(name, { kind: SpanKind.SERVER }, parent)
    if (span.isRecording()) span.setAttributes(requestAttributes(request, showQuery))
    this.#requests.set(requestId, { span, context: trace.setSpan(parent, span), invokeMode: undefined })
  }

  /** An invocation is recorded if one of its requests is; otherwise there would be nothing to find it by. */
  #invocationStarted({ items, ...facts }: InvocationStarted): void {
    const requests = this.#tracedOf(items)
    if (!requests.some(({ span }) => span.isRecording())) return
    const span = this.#options.tracer.startSpan(
      `invoke ${facts.functionName}`,
      {
        kind: SpanKind.CLIENT,
        // With the links from the start: a sampler sees no others.
        links: items.map(({ requestId }) => this.#linkTo(requestId)),
      },
      ROOT_CONTEXT,
    )
    this.#invocations.set(facts.batchId, span)
    for (const request of requests) request.invokeMode = facts.invokeMode
    if (!span.isRecording()) return
    span.setAttributes(invocationAttributes(facts, Math.max(0, ...items.map(({ waitMs }) => waitMs))))
    for (const request of requests) request.span.addLink({ context: span.spanContext() })
  }

  /** Mostly none. */
  #tracedOf(items: InvocationStarted['items']): Traced[] {
    const found: Traced[] = []
    if (this.#requests.size === 0) return found
    for (const { requestId } of items) {
      const traced = this.#requests.get(requestId)
      if (traced !== undefined) found.push(traced)
    }
    return found
  }

  #linkTo(requestId: string): Link {
    const traced = this.#requests.get(requestId)
    if (traced !== undefined) return { context: traced.span.spanContext() }
    const { traceId, spanId } = this.#options.ids.of(requestId)
    return { context: { traceId, spanId, traceFlags: TraceFlags.NONE } }
  }

  /** For a stream the head tells when the client began to see something. */
  #responseStarted({ requestId, batchId }: ResponseStarted): void {
    const open = this.#requests.get(requestId)
    if (batchId !== undefined && open?.invokeMode === 'response_stream')
      open.span.addEvent('lpr.response.head')
  }

  #invocationEnded({ batchId, outcome, error, stray }: InvocationEnded): void {
    const span = this.#invocations.get(batchId)
    this.#invocations.delete(batchId)
    if (span === undefined) return
    if (outcome === 'abandoned') span.addEvent('lpr.abandoned')
    else if (error !== undefined) fail(span, outcome, error)
    if (hasStrays(stray)) tellStrays(span, stray)
    span.end()
  }

  #requestEnded(event: RequestEnded): void {
    const open = this.#requests.get(event.requestId)
    if (open === undefined) return
    this.#requests.delete(event.requestId)
    if (open.span.isRecording()) describe(open.span, event, open.invokeMode)
    open.span.end()
  }
}

function tellStrays(span: Span, stray: StrayRecords): void {
  for (const kind of ['malformed', 'unknown', 'late'] as const) {
    if (stray[kind] > 0) span.setAttribute(`lpr.stray.${kind}`, stray[kind])
  }
}

function describe(span: Span, event: RequestEnded, invokeMode: string | undefined): void {
  span.setAttributes(outcomeAttributes(event, invokeMode))
  if (event.routeKey !== undefined) {
    const template = templateOf(event.routeKey)
    span.updateName(`${spanMethod(event.method)} ${template}`)
    span.setAttribute('http.route', template)
  }
  if (event.outcome !== 'sent') span.addEvent(`lpr.${event.outcome}`)
  const type = errorType(event)
  if (type === undefined) return
  // What a client did wrong is no error of a server (semantic conventions for HTTP spans).
  if (event.status >= 500 || event.outcome === 'reset') fail(span, type, event.error)
  else span.setAttribute('error.type', type)
}

function fail(span: Span, type: string, error: Error | undefined): void {
  span.setAttribute('error.type', type)
  span.setStatus({ code: SpanStatusCode.ERROR, ...(error === undefined ? {} : { message: error.message }) })
  if (error !== undefined) span.recordException(error)
}

/** A span's name may hold no more than methods that there are. */
function spanMethod(method = ''): string {
  const known = knownMethod(method)
  return known === '_OTHER' ? 'HTTP' : known
}

function isProbe(url = ''): boolean {
  // Hardly any request is, and the first look is enough to tell.
  return (
    HEALTH_PATHS.some((path) => url.includes(path)) && HEALTH_PATHS.includes(parseTarget(url)?.rawPath ?? '')
  )
}
