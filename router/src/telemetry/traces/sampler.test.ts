import { type Link, ROOT_CONTEXT, SpanKind, TraceFlags, trace } from '@opentelemetry/api'
import { SamplingDecision } from '@opentelemetry/sdk-trace'
import { samplerOf } from './sampler.ts'

const PARENT_TRACE = '80f7651916cd43dd8448eb211c80319c'
const traceId = '0af7651916cd43dd8448eb211c80319c'

function span(traceFlags: TraceFlags) {
  return { traceId: PARENT_TRACE, spanId: 'b7ad6b7169203331', traceFlags, isRemote: true }
}

function sampled(environment: Record<string, string>, parent?: TraceFlags, links: Link[] = []): boolean {
  const context = parent === undefined ? ROOT_CONTEXT : trace.setSpanContext(ROOT_CONTEXT, span(parent))
  const result = samplerOf(environment).shouldSample(context, traceId, 'n', SpanKind.SERVER, {}, links)
  return result.decision === SamplingDecision.RECORD_AND_SAMPLED
}

test.each([
  ['without a variable everything is recorded', {}, undefined, true],
  ['but what the client does not record', {}, TraceFlags.NONE, false],
  ['always_on', { OTEL_TRACES_SAMPLER: 'always_on' }, TraceFlags.NONE, true],
  ['always_off', { OTEL_TRACES_SAMPLER: 'always_off' }, TraceFlags.SAMPLED, false],
  ['parentbased_always_off', { OTEL_TRACES_SAMPLER: 'parentbased_always_off' }, TraceFlags.SAMPLED, true],
  ['a ratio of 0', { OTEL_TRACES_SAMPLER: 'traceidratio', OTEL_TRACES_SAMPLER_ARG: '0' }, undefined, false],
  ['a ratio without an argument is 1', { OTEL_TRACES_SAMPLER: 'parentbased_traceidratio' }, undefined, true],
])('%s', (_, environment, parent, expected) => {
  expect(sampled(environment as Record<string, string>, parent)).toBe(expected)
})

test('a root with links is recorded when one of them is', () => {
  const environment = { OTEL_TRACES_SAMPLER: 'always_on' }
  const dark = { context: span(TraceFlags.NONE) }
  expect(sampled(environment, undefined, [dark, dark])).toBe(false)
  expect(sampled(environment, undefined, [dark, { context: span(TraceFlags.SAMPLED) }])).toBe(true)
})

test.each([
  [{ OTEL_TRACES_SAMPLER: 'jaeger_remote' }, 'OTEL_TRACES_SAMPLER: jaeger_remote is not known'],
  [
    { OTEL_TRACES_SAMPLER: 'traceidratio', OTEL_TRACES_SAMPLER_ARG: '2' },
    'expected a number from 0 to 1, got 2',
  ],
  [
    { OTEL_TRACES_SAMPLER: 'traceidratio', OTEL_TRACES_SAMPLER_ARG: 'x' },
    'expected a number from 0 to 1, got x',
  ],
])('%j is an error that names the variable', (environment, message) => {
  expect(() => samplerOf(environment)).toThrow(message)
})
