import { randomUUID } from 'node:crypto'
import { isValidSpanId, isValidTraceId } from '@opentelemetry/api'
import { RandomIdGenerator } from '@opentelemetry/sdk-trace'
import { GivenIds, idsOfRequest } from './given-ids.ts'
import { XRayIdGenerator } from './xray-ids.ts'

test('the trace id of a request is its own id', () => {
  expect(idsOfRequest('r-01234567-89ab-4cde-8f01-23456789abcd')).toEqual({
    traceId: '0123456789ab4cde8f0123456789abcd',
    begin: '01234567',
    rest: '89ab4cde8f0123456789abcd',
    spanId: '8f0123456789abcd',
  })
})

test('ids of requests are valid and differ from request to request', () => {
  const all = Array.from({ length: 1000 }, () => idsOfRequest(`r-${randomUUID()}`))
  expect(all.filter(({ traceId, spanId }) => !isValidTraceId(traceId) || !isValidSpanId(spanId))).toEqual([])
  expect(new Set(all.map(({ traceId }) => traceId)).size).toBe(1000)
  expect(new Set(all.map(({ spanId }) => spanId)).size).toBe(1000)
})

test('for X-Ray a trace id begins with the time', () => {
  const requestId = 'r-01234567-89ab-4cde-8f01-23456789abcd'
  const { traceId, spanId } = new GivenIds(new XRayIdGenerator()).of(requestId)
  const ageSeconds = Date.now() / 1000 - Number.parseInt(traceId.slice(0, 8), 16)
  expect(ageSeconds).toBeGreaterThanOrEqual(0)
  expect(ageSeconds).toBeLessThan(60)
  expect([traceId.slice(8), spanId]).toEqual(['89ab4cde8f0123456789abcd', '8f0123456789abcd'])
})

test('ids that are given are those of the one span, whatever happens', () => {
  const ids = new GivenIds(new RandomIdGenerator())
  const given = idsOfRequest(`r-${randomUUID()}`)
  const broken = (): void => {
    throw new Error('broken')
  }
  expect(ids.giving(given, () => [ids.generateTraceId(), ids.generateSpanId()])).toEqual([
    given.traceId,
    given.spanId,
  ])
  expect(() => ids.giving(given, broken)).toThrow('broken')
  expect(ids.generateTraceId()).not.toBe(given.traceId)
})
