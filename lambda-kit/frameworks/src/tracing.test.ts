import { context, propagation, SpanKind, SpanStatusCode, trace } from '@opentelemetry/api'
import { AsyncLocalStorageContextManager } from '@opentelemetry/context-async-hooks'
import { CompositePropagator, W3CBaggagePropagator, W3CTraceContextPropagator } from '@opentelemetry/core'
import { AWSXRayPropagator } from '@opentelemetry/propagator-aws-xray'
import {
  BasicTracerProvider,
  InMemorySpanExporter,
  type ReadableSpan,
  SimpleSpanProcessor,
} from '@opentelemetry/sdk-trace-base'
import { batchAdapter, batchAdapterStream, type HttpEvent } from 'lpr-lambda-adapter'
import { batchOf, captureLog, httpEvent, MemoryStream, streamify } from '../../adapter-node/tests/support.ts'
import type * as Traced from './apps/traced.ts'
import { loadBundled } from './bundled.ts'
import { Rendezvous } from './rendezvous.ts'

// A copy of the API of its own, as a bundled function has beside that of a layer.
const { tracedHandler } = await loadBundled<typeof Traced>('apps/traced.ts')

const exporter = new InMemorySpanExporter()
const IDS = ['1', '2', '3', '4', '5', '6', '7', '8']
const LAMBDA = { awsRequestId: 'invocation-1', functionName: 'demo' }

const meeting = new Rendezvous()
const handler = tracedHandler(() => meeting.arrive())

let log: ReturnType<typeof captureLog>
beforeEach(() => {
  log = captureLog()
  exporter.reset()
  const spanProcessors = [new SimpleSpanProcessor(exporter)]
  trace.setGlobalTracerProvider(new BasicTracerProvider({ spanProcessors }))
  context.setGlobalContextManager(new AsyncLocalStorageContextManager().enable())
  const propagators = [new AWSXRayPropagator(), new W3CTraceContextPropagator(), new W3CBaggagePropagator()]
  propagation.setGlobalPropagator(new CompositePropagator({ propagators }))
})
afterEach(() => {
  log.restore()
  for (const part of [trace, context, propagation]) part.disable()
})

const traceIdOf = (id: string) => id.repeat(32)
const spanIdOf = (id: string) => id.repeat(16)

/** An item of a request whose span, in the router, has these ids. */
function eventFor(id: string, headers: Record<string, string>, path = '/hello/hi'): HttpEvent {
  return httpEvent(`item-${id}`, { headers, rawPath: path })
}

const w3c = (id: string) => ({ traceparent: `00-${traceIdOf(id)}-${spanIdOf(id)}-01` })
const xray = (id: string) => ({
  'x-amzn-trace-id': `Root=1-${id.repeat(8)}-${id.repeat(24)};Parent=${spanIdOf(id)};Sampled=1`,
})

const modes: Record<string, (events: HttpEvent[]) => Promise<unknown>> = {
  buffered: (events) => batchAdapter(handler)(batchOf(events), LAMBDA),
  'one record each': (events) => stream(events, false),
  'interleaved records': (events) => stream(events, true),
}

function stream(events: HttpEvent[], interleaved: boolean): Promise<void> {
  const adapted = batchAdapterStream(handler, { interleaved, streamifyResponse: streamify })
  return adapted(batchOf(events), new MemoryStream(), LAMBDA)
}

/** As the instrumentation of Lambda does, around the whole invocation. */
async function invoke(mode: string, events: HttpEvent[]): Promise<ReadableSpan> {
  meeting.expect(events.length)
  await trace.getTracer('lambda').startActiveSpan('invocation', async (span) => {
    await modes[mode]?.(events)
    span.end()
  })
  return spanNamed('invocation')
}

function spansOf(id: string): ReadableSpan[] {
  return exporter.getFinishedSpans().filter(({ attributes }) => attributes.id === `item-${id}`)
}

function spanNamed(name: string): ReadableSpan {
  const found = exporter.getFinishedSpans().find((span) => span.name === name)
  if (found === undefined) throw new Error(`no span ${name}`)
  return found
}

function itemSpan(id: string): ReadableSpan {
  const spans = exporter.getFinishedSpans()
  const found = spans.find(({ attributes }) => attributes['lpr.request.id'] === `item-${id}`)
  if (found === undefined) throw new Error(`no span of item-${id}`)
  return found
}

describe.each(Object.keys(modes))('in a batch of 8, %s', (mode) => {
  it.each([
    ['W3C', w3c],
    ['X-Ray', xray],
  ])('every span is under the span of its own request, by the headers of %s', async (_name, headersOf) => {
    const invocation = await invoke(
      mode,
      IDS.map((id) => eventFor(id, headersOf(id))),
    )
    for (const id of IDS) {
      const item = itemSpan(id)
      expect(item.kind).toBe(SpanKind.SERVER)
      expect(item.name).toBe('GET /hello/{greeting}')
      expect(item.spanContext().traceId).toBe(traceIdOf(id))
      expect(item.parentSpanContext?.spanId).toBe(spanIdOf(id))
      expect(item.links.map((link) => link.context.spanId)).toEqual([invocation.spanContext().spanId])
      expect(item.attributes).toMatchObject({
        'faas.trigger': 'http',
        'faas.invocation_id': 'invocation-1',
        'http.response.status_code': 200,
      })
      const own = spansOf(id)
      expect(own.map(({ name }) => name)).toEqual(['before', 'after', 'one', 'two'])
      for (const span of own) {
        expect(span.spanContext().traceId).toBe(traceIdOf(id))
        expect(span.parentSpanContext?.spanId).toBe(item.spanContext().spanId)
      }
    }
  })

  it('a request without a trace is a child of the invocation', async () => {
    const invocation = await invoke(mode, [eventFor('1', {})])
    expect(itemSpan('1').parentSpanContext?.spanId).toBe(invocation.spanContext().spanId)
    expect(itemSpan('1').links).toEqual([])
  })

  it('the span of an item that fails says so, and those of the others do not', async () => {
    await invoke(mode, [eventFor('1', w3c('1')), eventFor('2', w3c('2'), '/fail')])
    expect(itemSpan('1').status.code).toBe(SpanStatusCode.UNSET)
    expect(itemSpan('2').status).toEqual({ code: SpanStatusCode.ERROR, message: 'handler' })
    expect(itemSpan('2').events[0]?.attributes).toMatchObject({ 'exception.message': 'on purpose' })
  })
})

test('the context of a request is active even where spans are not recorded', async () => {
  trace.disable()
  const seen: (string | undefined)[] = []
  const adapted = batchAdapter(() => {
    seen.push(trace.getSpanContext(context.active())?.traceId)
  })
  await adapted(batchOf([eventFor('1', w3c('1')), eventFor('2', w3c('2'))]))
  expect(seen).toEqual([traceIdOf('1'), traceIdOf('2')])
})

test('a request is answered even if tracing fails, and the failure is logged', async () => {
  propagation.disable()
  propagation.setGlobalPropagator({
    inject() {},
    extract() {
      throw new Error('broken propagator')
    },
    fields: () => [],
  })
  const { responses } = await batchAdapter(() => 'ok')(batchOf([eventFor('1', {})]), LAMBDA)
  expect(responses).toMatchObject([{ id: 'item-1', statusCode: 200, body: 'ok' }])
  expect(log.lines).toMatchObject([
    { event: 'tracing_failed', requestId: 'item-1', error: { message: 'broken propagator' } },
  ])
})

test('headers are found whatever their case, and in multi-value maps', async () => {
  const { traceparent } = w3c('1')
  const requestContext = { requestId: 'item-1', resourcePath: '/hello/{greeting}' }
  const format1 = {
    httpMethod: 'GET',
    headers: null,
    multiValueHeaders: { Traceparent: [traceparent] },
    requestContext,
  }
  await batchAdapter((_event: object) => 'ok')(batchOf([format1]), LAMBDA)
  expect(itemSpan('1').spanContext().traceId).toBe(traceIdOf('1'))
  expect(itemSpan('1').name).toBe('GET /hello/{greeting}')
})
