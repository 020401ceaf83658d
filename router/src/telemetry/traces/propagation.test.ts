import { ROOT_CONTEXT, TraceFlags, trace } from '@opentelemetry/api'
import { idsOfRequest } from './given-ids.ts'
import { itemHeaders, propagatorOf, requestHeaders, unrecordedFields } from './propagation.ts'

const W3C = '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01'
const XRAY = 'Root=1-5759e988-bd862e3fe1be46a994272793;Parent=53995c3f42cd8ad8;Sampled=1'

function continued(names: string | undefined): string | undefined {
  const environment = names === undefined ? {} : { OTEL_PROPAGATORS: names }
  const headers = { traceparent: W3C, 'x-amzn-trace-id': XRAY }
  const context = propagatorOf(environment).extract(ROOT_CONTEXT, headers, requestHeaders)
  return trace.getSpanContext(context)?.traceId
}

test.each([
  ['traceparent wins by default', undefined, '0af7651916cd43dd8448eb211c80319c'],
  ['the last that is named wins', 'tracecontext, XRAY', '5759e988bd862e3fe1be46a994272793'],
  ['one alone', 'xray', '5759e988bd862e3fe1be46a994272793'],
  ['none', 'none', undefined],
])('%s', (_, names, traceId) => {
  expect(continued(names)).toBe(traceId)
})

test('an unknown propagator is an error that names the variable', () => {
  expect(() => propagatorOf({ OTEL_PROPAGATORS: 'b3' })).toThrow(
    'OTEL_PROPAGATORS: expected xray,tracecontext,baggage or none, got b3',
  )
})

test('a context is told in every notation, baggage included', () => {
  const propagator = propagatorOf({})
  const request = { traceparent: W3C, tracestate: 'a=b', baggage: 'k=v' }
  const headers: Record<string, string> = {}
  propagator.inject(propagator.extract(ROOT_CONTEXT, request, requestHeaders), headers, itemHeaders)
  expect(headers).toEqual({
    traceparent: W3C,
    tracestate: 'a=b',
    'x-amzn-trace-id': 'Root=1-0af76519-16cd43dd8448eb211c80319c;Parent=b7ad6b7169203331;Sampled=1',
    baggage: 'k=v',
  })
})

test.each([undefined, 'xray', 'tracecontext', 'tracecontext,baggage', 'none'])(
  'with propagators %s an unrecorded request is told just as by the propagators',
  (names) => {
    const environment = names === undefined ? {} : { OTEL_PROPAGATORS: names }
    const ids = idsOfRequest('r-01234567-89ab-4cde-8f01-23456789abcd')
    const context = trace.setSpanContext(ROOT_CONTEXT, { ...ids, traceFlags: TraceFlags.NONE })
    const expected: Record<string, string> = {}
    propagatorOf(environment).inject(context, expected, itemHeaders)
    expect(JSON.parse(`{${unrecordedFields(environment)(ids)}}`)).toEqual(expected)
  },
)
