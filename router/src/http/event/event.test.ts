import { readFileSync } from 'node:fs'
import { parseFunctionArn } from '@lpr/contract'
import { type EventJson, eventBytes } from '../../batching/event-buffer.ts'
import { collectHeaders, HeaderPolicy, splitCookies } from '../headers.ts'
import { decodeParams, parseTarget } from '../target.ts'
import { buildEvent, type RequestFacts } from './index.ts'

/** Hairy requests: `raw` is Node's flat list of header names and values. */
const REQUESTS = {
  'plain-get': { method: 'GET', url: '/orders/42', raw: ['Host', 'api.example.com'] },
  'repeated-headers-and-queries': {
    method: 'GET',
    url: '/orders/42?a=1&b=&a=2&c&%61=3&=x&d=e%20f+g&bad=%zz%ff',
    raw: ['Host', 'api.example.com', 'X-A', '1', 'x-a', '2', 'User-Agent', 'test', 'X-Empty', ''],
  },
  'encoded-path': { method: 'GET', url: '/orders/a%2Fb+c%C3%A9?', raw: ['Host', 'api.example.com'] },
  'split-cookies': {
    method: 'GET',
    url: '/orders/1',
    raw: [
      'Host',
      'api.example.com',
      'Cookie',
      'a=1; b=2',
      'cookie',
      ' c=3;;',
      'Connection',
      'x-drop, close',
      'X-Drop',
      'y',
    ],
  },
  'utf8-body': {
    method: 'POST',
    url: '/orders/1',
    raw: ['Host', 'api.example.com', 'Content-Type', 'application/json', 'X-Latin', 'caf\xe9'],
    body: Buffer.from('{"name":"é😀"}'),
  },
  'binary-body': {
    method: 'PUT',
    url: '/orders/1',
    raw: ['Host', 'api.example.com'],
    body: Buffer.from([0xff, 0x00, 0x80, 0x41]),
  },
  'nul-body': {
    method: 'PUT',
    url: '/orders/1',
    raw: ['Host', 'api.example.com'],
    body: Buffer.from('a\0b'),
  },
  'prototype-names': {
    method: 'GET',
    url: '/orders/1?__proto__=a&constructor=b',
    raw: ['Host', 'h', '__proto__', 'x'],
  },
} satisfies Record<string, { method: string; url: string; raw: string[]; body?: Buffer }>

function facts(name: keyof typeof REQUESTS): RequestFacts {
  const request: { method: string; url: string; raw: string[]; body?: Buffer } = REQUESTS[name]
  const target = parseTarget(request.url)
  const arn = parseFunctionArn('arn:aws:lambda:eu-central-1:123456789012:function:orders')
  if (target === undefined || arn === undefined) throw new Error('bad fixture')
  const headers = collectHeaders(request.raw)
  new HeaderPolicy({ Allow: [], Deny: [] }).apply(headers)
  return {
    requestId: 'r-00000000-0000-4000-8000-000000000000',
    routeKey: `${request.method} /orders/{id}`,
    resource: '/orders/{id}',
    method: request.method,
    ...target,
    protocol: 'HTTP/1.1',
    host: 'api.example.com',
    sourceIp: '203.0.113.7',
    arrivedEpochMs: Date.UTC(2020, 2, 12, 19, 3, 58, 390),
    headers,
    contextFields: '',
    cookies: splitCookies(headers),
    pathParameters: decodeParams(['id'], [target.rawPath.slice('/orders/'.length)]) ?? [],
    target: arn,
    body: request.body,
  }
}

function parsed(event: EventJson) {
  const { head, body, tail } = event
  const bytes = Buffer.concat([Buffer.from(head), body, Buffer.from(tail)])
  expect(eventBytes(event)).toBe(bytes.length)
  return JSON.parse(bytes.toString())
}

test('a query parameter may be called cookie', () => {
  const event = buildEvent('2.0', { ...facts('split-cookies'), rawQuery: 'cookie=a&b=%22%5C%0A' })
  expect(parsed(event).queryStringParameters).toEqual({ cookie: 'a', b: '"\\\n' })
})

describe.each(['2.0', '1.0', 'alb'] as const)('event shape %s', (version) => {
  test('headers that the router adds stand among those that came', () => {
    const contextFields = '"traceparent":"00-1-2-00"'
    const { headers, multiValueHeaders } = parsed(
      buildEvent(version, { ...facts('plain-get'), contextFields }),
    )
    if (version !== 'alb') expect(headers).toEqual({ traceparent: '00-1-2-00', host: 'api.example.com' })
    if (version !== '2.0')
      expect(multiValueHeaders).toEqual({ traceparent: ['00-1-2-00'], host: ['api.example.com'] })
  })

  test('events of requests that differ in little are not mistaken for each other', () => {
    for (const host of ['a.example.com', 'b.example.com', 'a.example.com']) {
      for (const userAgent of ['one', 'one', 'two']) {
        const headers = collectHeaders(['Host', host, 'User-Agent', userAgent])
        const { requestContext, ...event } = parsed(
          buildEvent(version, { ...facts('plain-get'), headers, host }),
        )
        const told = event.headers ?? event.multiValueHeaders
        expect([told.host, told['user-agent']].flat()).toEqual([host, userAgent])
        if (version !== 'alb') expect(requestContext.domainName).toBe(host)
        if (version === '2.0') expect(requestContext.http.userAgent).toBe(userAgent)
        if (version === '1.0') expect(requestContext.identity.userAgent).toBe(userAgent)
      }
    }
  })

  test.each(Object.keys(REQUESTS) as (keyof typeof REQUESTS)[])('%s is the golden event', (name) => {
    const golden = JSON.parse(
      readFileSync(new URL(`./fixtures/${name}.${version}.json`, import.meta.url), 'utf8'),
    )
    expect(parsed(buildEvent(version, facts(name)))).toEqual(golden)
  })
})
