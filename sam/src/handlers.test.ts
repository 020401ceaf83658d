import { handler as native } from './buffering-native/app.ts'
import { handler as direct } from './direct/app.ts'
import { type DemoEvent, MAX_DELAY_MS, maxDelayMs } from './lib/hello.ts'
import { tokens } from './lib/tokens.ts'

function event(id: string, query: Record<string, string> = {}): DemoEvent {
  return {
    routeKey: 'GET /buffering/simple/{greeting}',
    rawPath: '/buffering/simple/hi',
    queryStringParameters: query,
    pathParameters: { greeting: 'hi' },
    requestContext: { requestId: id, http: { method: 'GET' } },
  }
}

test('the native handler answers every item of a batch by its id', async () => {
  const { v, responses } = await native({ v: 1, batch: [event('a'), event('b')] })
  expect(v).toBe(1)
  expect(responses.map(({ id, body }) => [id, JSON.parse(body).greeting])).toEqual([
    ['a', 'hi'],
    ['b', 'hi'],
  ])
})

test('the baseline names the request and leaves out what only batches have', async () => {
  const { body } = await direct({ ...event('a'), body: 'aGk=', isBase64Encoded: true })
  expect(JSON.parse(body)).toMatchObject({ ok: true, requestId: 'a', bodyUtf8: 'hi' })
  expect(JSON.parse(body)).not.toHaveProperty('greeting')
})

test.each([
  ['', 0],
  ['-5', 0],
  ['abc', 0],
  ['250', 250],
  ['99999', MAX_DELAY_MS],
])('max-delay=%s allows %i ms', (asked, limit) => {
  expect(maxDelayMs(event('a', { 'max-delay': asked }))).toBe(limit)
})

test('the token stream sends as many events as asked for and ends with the request id', async () => {
  const chunks: string[] = []
  const { body } = tokens(event('a', { tokens: '3', prefix: 'p' }), { signal: new AbortController().signal })
  for await (const chunk of body) chunks.push(chunk)
  expect(chunks).toHaveLength(4)
  expect(chunks[2]).toContain('"p-2"')
  expect(chunks[3]).toBe('event: done\ndata: {"id":"a","count":3}\n\n')
})

test('the token stream stops when nobody reads any more', async () => {
  const reader = new AbortController()
  const { body } = tokens(event('a', { 'max-delay': '1000' }), { signal: reader.signal })
  reader.abort()
  await expect(body.next().then(() => body.next())).rejects.toThrow()
})
