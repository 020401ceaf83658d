import type { HttpEvent } from 'lpr-lambda-adapter'
import { httpEvent } from '../../adapter-node/tests/support.ts'

/** One request to the app that every framework serves, and what its client must get. */
export interface Case {
  name: string
  event: HttpEvent
  status: number
  /** Text of the body; bytes where the response is binary. Left out where it is the framework's own. */
  body?: string | Buffer
  contentType?: RegExp
  cookies?: string[]
  /** Whether a handler of the app sees it. */
  handled: boolean
}

const ALL_BYTES = Buffer.from(Array.from({ length: 256 }, (_, byte) => byte))
const LONG_TEXT = 'é'.repeat(100_000)

interface Request {
  method?: string
  path: string
  query?: string
  headers?: Record<string, string>
  cookies?: string[]
  body?: string | Buffer
}

/** A batch of 16 requests of every kind. */
export function mixedCases(): Case[] {
  return [
    ...['1', '2', 'caf%C3%A9', 'a%2Fb'].map(item),
    ...['one', 'two', 'ünï'].map(echo),
    text('long text', LONG_TEXT),
    given('bytes out', { path: '/bytes' }, 200, {
      body: ALL_BYTES,
      contentType: /^application\/octet-stream/,
    }),
    bytesBack(),
    cookies('a'),
    cookies('b'),
    given('an error thrown', { path: '/fail' }, 500),
    given('a status of its own', { path: '/teapot' }, 418, { body: 'short and stout' }),
    given('no body', { method: 'DELETE', path: '/items/9' }, 204, { body: '' }),
    { ...given('no such route', { path: '/nowhere' }, 404), handled: false },
  ]
}

function item(id: string): Case {
  const headers = { 'x-tenant': `tenant-${id}` }
  const answer = { id: decodeURIComponent(id), colors: ['red', 'blue'], tenant: `tenant-${id}` }
  const request = { path: `/items/${id}`, query: 'color=red&color=blue', headers }
  return given(`parameters of ${id}`, request, 200, {
    body: JSON.stringify(answer),
    contentType: /^application\/json/,
  })
}

function echo(word: string): Case {
  const body = JSON.stringify({ word })
  const headers = { 'content-type': 'application/json' }
  return given(`JSON ${word}`, { method: 'POST', path: '/echo', headers, body }, 201, {
    body: JSON.stringify({ echo: { word } }),
  })
}

function text(name: string, body: string): Case {
  const headers = { 'content-type': 'text/plain' }
  return given(name, { method: 'POST', path: '/text', headers, body }, 200, { body })
}

function bytesBack(): Case {
  const headers = { 'content-type': 'application/octet-stream' }
  return given('bytes in and out', { method: 'POST', path: '/bytes', headers, body: ALL_BYTES }, 200, {
    body: Buffer.from(ALL_BYTES).reverse(),
  })
}

function cookies(value: string): Case {
  return given(`cookies ${value}`, { path: '/cookies', cookies: [`session=${value}`, 'theme=dark'] }, 200, {
    body: `session ${value}, theme dark`,
    cookies: [`seen=${value}; Path=/`, 'again=yes; Path=/'],
  })
}

function given(name: string, request: Request, status: number, answer: Partial<Case> = {}): Case {
  return { name, event: eventOf(name, request), status, handled: true, ...answer }
}

/** As an HTTP API makes it, payload format 2.0. */
function eventOf(
  id: string,
  { method = 'GET', path, query = '', headers = {}, ...rest }: Request,
): HttpEvent {
  const event = httpEvent(id)
  const binary = Buffer.isBuffer(rest.body)
  const http = { ...event.requestContext.http, method, path: decodeURI(path) }
  const values = new URLSearchParams(query)
  return {
    ...event,
    routeKey: '$default',
    rawPath: path,
    rawQueryString: query,
    headers: { host: 'example.com', ...headers },
    ...(query !== '' && { queryStringParameters: { color: values.getAll('color').join(',') } }),
    ...(rest.cookies && { cookies: rest.cookies }),
    ...(rest.body !== undefined && { body: rest.body.toString(binary ? 'base64' : 'utf8') }),
    isBase64Encoded: binary,
    requestContext: { ...event.requestContext, routeKey: '$default', http },
  }
}
