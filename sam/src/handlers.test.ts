import { Writable } from 'node:stream'
import { jest } from '@jest/globals'
import { batchOf, httpEvent } from './testing.ts'

// The streaming handlers expect the global of the Lambda runtime when they are loaded.
const runtime = globalThis as { awslambda?: unknown }
runtime.awslambda = { streamifyResponse: (handler: unknown) => handler }

const buffering = {
  simple: (await import('./buffering-simple.ts')).handler,
  adapter: (await import('./buffering-adapter.ts')).handler,
}
const streaming = {
  simple: (await import('./streaming-simple.ts')).handler,
  adapter: (await import('./streaming-adapter.ts')).handler,
  sse: (await import('./streaming-adapter-sse.ts')).handler,
}
const direct = (await import('./direct-hello.ts')).handler

class Response extends Writable {
  contentType = ''
  text = ''

  setContentType(contentType: string): void {
    this.contentType = contentType
  }

  // Slower than the handlers, so that they have to wait for it.
  override _write(chunk: Buffer, _encoding: string, done: () => void): void {
    this.text += chunk.toString('utf8')
    setImmediate(done)
  }

  get records() {
    const lines = this.text.split('\n').slice(0, -1)
    return lines.map((line) => JSON.parse(line))
  }
}

const context = { awsRequestId: 'invocation-1' }
const bodyOf = (response: { body?: unknown } | undefined) => JSON.parse(String(response?.body))

/** An event at which a greeting cannot but fail. */
function hostileEvent(id: string) {
  return Object.defineProperty(httpEvent(id), 'queryStringParameters', {
    get: () => {
      throw new Error('hostile')
    },
  })
}

beforeEach(() => {
  jest.spyOn(console, 'error').mockImplementation(() => {})
})
afterEach(() => {
  jest.restoreAllMocks()
})

test.each(['simple', 'adapter'] as const)('buffering-%s answers each request under its id', async (name) => {
  const { v, responses } = await buffering[name](batchOf(httpEvent('a'), hostileEvent('bad'), httpEvent('b')))
  expect(v).toBe(1)
  expect(responses.map(({ id, statusCode }) => [id, statusCode])).toEqual([
    ['a', 200],
    ['bad', 500],
    ['b', 200],
  ])
  expect(bodyOf(responses[0])).toMatchObject({ ok: true, id: 'a', greeting: 'hello' })
})

test.each(['simple', 'adapter'] as const)('streaming-%s answers each request with a line', async (name) => {
  const response = new Response({ highWaterMark: 1 })
  await streaming[name](batchOf(httpEvent('a'), hostileEvent('bad'), httpEvent('b')), response)
  expect(response.writableFinished).toBe(true)
  expect(response.contentType).toBe('application/x-ndjson')
  const answers = new Map(response.records.map((record) => [record.id, record]))
  expect([...answers.keys()].sort()).toEqual(['a', 'b', 'bad'])
  expect(answers.get('bad')).toMatchObject({ v: 1, statusCode: 500, body: 'internal error' })
  expect(bodyOf(answers.get('a'))).toMatchObject({ ok: true, id: 'a' })
})

test('streaming-simple stops when its response stream fails', async () => {
  const response = new Response()
  response._write = (_chunk, _encoding, done: (error?: Error) => void) => done(new Error('connection reset'))
  await expect(streaming.simple(batchOf(httpEvent('a')), response)).rejects.toThrow('connection reset')
})

test('streaming-adapter-sse sends events of all requests, each in order', async () => {
  const response = new Response()
  const query = { queryStringParameters: { tokens: '2' } }
  await streaming.sse(batchOf(httpEvent('a', query), httpEvent('b', query)), response)
  for (const id of ['a', 'b']) {
    const records = response.records.filter((record) => record.id === id)
    expect(records.map(({ type }) => type)).toEqual(['head', 'chunk', 'chunk', 'chunk', 'end'])
    expect(records[0]).toMatchObject({ statusCode: 200, headers: { 'content-type': 'text/event-stream' } })
    expect(records[3].body).toContain(`"id":"${id}"`)
  }
})

test.each([
  ['text', { body: 'grüß', isBase64Encoded: false }],
  ['bytes', { body: '/wD+', isBase64Encoded: true }],
])('the echo of %s has the same bytes, the same type, and a cookie', async (_, body) => {
  const headers = { 'content-type': 'text/x-test' }
  const event = httpEvent('a', { routeKey: 'POST /echo', headers, ...body })
  const [response] = (await buffering.adapter(batchOf(event), context)).responses
  const bytes = Buffer.from(body.body, body.isBase64Encoded ? 'base64' : 'utf8')
  expect(response).toEqual({
    id: 'a',
    statusCode: 200,
    headers,
    cookies: ['lpr-demo=a; Path=/; HttpOnly; SameSite=Lax'],
    body: bytes.toString('base64'),
    isBase64Encoded: true,
  })
})

test('the echo of nothing is empty', async () => {
  const { responses } = await buffering.adapter(batchOf(httpEvent('a', { routeKey: 'POST /echo' })))
  expect(responses).toMatchObject([{ statusCode: 200, body: '' }])
})

test('a tenant finds itself in the answer', async () => {
  const event = httpEvent('a', { routeKey: 'GET /tenant/{greeting}', headers: { 'x-tenant-id': 't-1' } })
  const { responses } = await buffering.adapter(batchOf(event))
  expect(responses).toMatchObject([{ statusCode: 200, headers: { 'x-tenant-id': 't-1' } }])
})

test('the failing route fails, except for hello, and harms no other request', async () => {
  const failing = (id: string, greeting: string) =>
    httpEvent(id, { routeKey: 'GET /failing/{greeting}', pathParameters: { greeting } })
  const { responses } = await buffering.adapter(batchOf(failing('a', 'goodbye'), failing('b', 'hello')))
  expect(responses.map(({ statusCode }) => statusCode)).toEqual([500, 200])
})

test('direct-hello answers one request', async () => {
  const response = await direct(httpEvent('a'))
  expect(response).toMatchObject({ statusCode: 200, headers: { 'content-type': 'application/json' } })
  expect(bodyOf(response)).toEqual({
    ok: true,
    requestId: 'a',
    method: 'GET',
    path: '/buffering/simple/hello',
    maxDelayMs: 0,
    delayMs: 0,
  })
})
