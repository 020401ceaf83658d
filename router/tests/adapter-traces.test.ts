import { type Behaviour, type Call, OtlpReceiver, type ReceivedSpan } from '@lpr/test-kit'
import { context, propagation, ROOT_CONTEXT, trace } from '@opentelemetry/api'
import { AsyncLocalStorageContextManager } from '@opentelemetry/context-async-hooks'
import { OTLPTraceExporter } from '@opentelemetry/exporter-trace-otlp-proto'
import { SimpleSpanProcessor, TracerProvider } from '@opentelemetry/sdk-trace'
import { batchAdapter } from 'lpr-lambda-adapter'
import { propagatorOf } from '../src/telemetry/traces/propagation.ts'
import { TracedRig } from './traced-rig.ts'

let collector: OtlpReceiver
let provider: TracerProvider

/** A function with OpenTelemetry in it, as its layer would set it up. */
beforeAll(async () => {
  collector = await OtlpReceiver.http()
  const exporter = new OTLPTraceExporter({ url: `${collector.url}/v1/traces` })
  provider = new TracerProvider({ spanProcessors: [new SimpleSpanProcessor({ exporter })] })
  trace.setGlobalTracerProvider(provider)
  context.setGlobalContextManager(new AsyncLocalStorageContextManager().enable())
  propagation.setGlobalPropagator(propagatorOf({}))
})

afterAll(async () => {
  await provider.shutdown()
  await collector.close()
  for (const part of [trace, context, propagation]) part.disable()
})

const handler = batchAdapter(async () => {
  trace.getTracer('handler').startSpan('own work').end()
  return { statusCode: 200, body: 'done' }
})

/** Starts the span that Lambda's instrumentation makes of an invocation, under what came with the call. */
const invoke: Behaviour = async (call: Call) => {
  const carrier = { 'x-amzn-trace-id': call.traceHeader }
  const around = propagation.extract(ROOT_CONTEXT, carrier)
  const span = trace.getTracer('runtime').startSpan('invocation', {}, around)
  const answer = await context.with(trace.setSpan(around, span), () =>
    handler(call.event as never, {} as never),
  )
  span.end()
  call.respond(200, JSON.stringify(answer))
}

test('request, its place in the invocation and the handler’s own work are one trace view', async () => {
  const traced = await TracedRig.start({ lpr: { maxBatchSize: 3 } })
  traced.rig.lambda.next(invoke)
  const outcomes = await traced.rig.send('/b/1', '/b/2', '/b/3')
  expect(outcomes.map(({ status }) => status)).toEqual([200, 200, 200])
  await traced.quiet()
  const router = await traced.finish()
  await provider.forceFlush()
  const named = (name: string): ReceivedSpan[] => collector.spans.filter((span) => span.name === name)
  const call = router.find(({ kind }) => kind === 'CLIENT')
  const requests = router.filter(({ kind }) => kind === 'SERVER')
  const [invocation] = named('invocation')

  expect(invocation).toMatchObject({ traceId: call?.traceId, parentSpanId: call?.spanId })
  expect(named('invocation').length).toBe(1)
  const items = named('GET /b/{id}')
  expect(items.length).toBe(3)
  for (const { traceId, spanId, attributes } of requests) {
    const item = items.find((span) => span.traceId === traceId)
    expect(item).toMatchObject({
      parentSpanId: spanId,
      attributes: { 'lpr.request.id': attributes['lpr.request.id'] },
      links: [{ traceId: invocation?.traceId, spanId: invocation?.spanId }],
    })
    const own = named('own work').filter((span) => span.traceId === traceId)
    expect(own).toMatchObject([{ parentSpanId: item?.spanId }])
  }
})
