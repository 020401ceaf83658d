import type { Item } from './batch-event.ts'
import type { ItemFailure } from './failure.ts'
import { logError } from './report.ts'

/**
 * OpenTelemetry, where a function has it, without importing its API. All copies of version 1 of the API in a process
 * find each other through one global, and so does the adapter: it works in bundles, in both module systems, and for
 * functions without OpenTelemetry costs a look at that global. Only the parts that are used are described here.
 * https://opentelemetry.io/docs/specs/otel/library-guidelines/
 */
const API_KEY = Symbol.for('opentelemetry.js.api.1')
const SPAN_KEY = Symbol.for('OpenTelemetry Context Key SPAN')
const SERVER = 1
const ERROR = 2

interface Api {
  context?: ContextManager
  propagation?: { extract(context: Context, carrier: Carrier, getter: typeof GETTER): Context }
  trace?: { getTracer(name: string): Tracer }
}

interface Context {
  getValue(key: symbol): unknown
  setValue(key: symbol, value: unknown): Context
}

interface ContextManager {
  active(): Context
  with<Result>(context: Context, work: () => Result): Result
}

interface Tracer {
  startSpan(name: string, options: object, context: Context): Span
}

interface Span {
  spanContext(): unknown
  setAttribute(name: string, value: number): unknown
  setStatus(status: { code: number; message?: string }): unknown
  recordException(error: unknown): unknown
  end(): void
}

type Carrier = Record<string, string>

const GETTER = {
  get: (carrier: Carrier, name: string) => carrier[name.toLowerCase()],
  keys: (carrier: Carrier) => Object.keys(carrier),
}

/** What an item's span is told; it is ended by whoever started it. */
export interface ItemSpan {
  answered(statusCode: number): void
  failed(failure: ItemFailure): void
}

const NO_SPAN: ItemSpan = { answered() {}, failed() {} }

/**
 * Does an item's work with the trace context of its own request active, in a span that is a child of the request's and
 * linked to the invocation's. Without OpenTelemetry it only does the work. `work` must not reject.
 */
export function inItemSpan<Event, Result>(
  item: Item<Event>,
  invocationId: string | undefined,
  work: (span: ItemSpan) => Promise<Result>,
): Promise<Result> {
  const api = (globalThis as { [API_KEY]?: Api })[API_KEY]
  const started = api?.context && start(api, api.context, item, invocationId)
  if (!api?.context || !started) return work(NO_SPAN)
  const { context, span } = started
  const inContext = () => (span ? work(reporting(span)).finally(() => span.end()) : work(NO_SPAN))
  return api.context.with(context, inContext)
}

interface Started {
  context: Context
  span?: Span
}

/** Undefined if OpenTelemetry fails: a request is worth more than its trace. */
function start<Event>(
  { propagation, trace }: Api,
  manager: ContextManager,
  { id, event }: Item<Event>,
  invocationId: string | undefined,
): Started | undefined {
  try {
    const around = manager.active()
    const request = propagation?.extract(around, carrierOf(event), GETTER) ?? around
    if (!trace) return { context: request }
    const attributes = { 'faas.trigger': 'http', 'faas.invocation_id': invocationId, 'lpr.request.id': id }
    const options = { kind: SERVER, attributes, links: linksTo(around, request) }
    const span = trace.getTracer('lpr-lambda-adapter').startSpan(nameOf(event), options, request)
    return { context: request.setValue(SPAN_KEY, span), span }
  } catch (error) {
    logError('tracing failed', error, { requestId: id })
    return undefined
  }
}

/** The span of the invocation, unless the request has none of its own and so is a child of that already. */
function linksTo(around: Context, request: Context): { context: unknown }[] {
  const invocation = around.getValue(SPAN_KEY) as Span | undefined
  if (invocation === undefined || invocation === request.getValue(SPAN_KEY)) return []
  return [{ context: invocation.spanContext() }]
}

function reporting(span: Span): ItemSpan {
  return {
    answered(statusCode) {
      span.setAttribute('http.response.status_code', statusCode)
      if (statusCode >= 500) span.setStatus({ code: ERROR })
    },
    failed({ phase, cause }) {
      span.recordException(cause)
      span.setStatus({ code: ERROR, message: phase })
    },
  }
}

interface AnyEvent {
  headers?: Record<string, unknown> | null
  multiValueHeaders?: Record<string, unknown> | null
  httpMethod?: unknown
  requestContext?: { routeKey?: unknown; resourcePath?: unknown }
}

/** The headers by their names in lower case, one value each. */
function carrierOf(event: unknown): Carrier {
  const { headers, multiValueHeaders } = event as AnyEvent
  const carrier: Carrier = {}
  for (const [name, values] of Object.entries(multiValueHeaders ?? {})) {
    if (Array.isArray(values) && values.length > 0) carrier[name.toLowerCase()] = String(values[0])
  }
  for (const [name, value] of Object.entries(headers ?? {})) {
    if (typeof value === 'string') carrier[name.toLowerCase()] = value
  }
  return carrier
}

/** Method and path template; never the path itself, of which there are too many. */
function nameOf(event: unknown): string {
  const { requestContext, httpMethod } = event as AnyEvent
  if (typeof requestContext?.routeKey === 'string') return requestContext.routeKey
  const words = [httpMethod, requestContext?.resourcePath].filter((word) => typeof word === 'string')
  return words.length > 0 ? words.join(' ') : 'item'
}
