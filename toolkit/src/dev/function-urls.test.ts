import { functionUrlAnswer } from './function-url-event.ts'
import { FunctionUrls, type InvokeByUrl } from './function-urls.ts'

let urls: FunctionUrls
afterEach(() => urls?.stop())

async function serve(invoke: InvokeByUrl, ids = ['HelloUrl']): Promise<Map<string, string>> {
  urls = new FunctionUrls({ accountId: '123456789012', firstPort: 0, invoke })
  await urls.serve(ids)
  return urls.urls
}

/** The event that a request becomes. */
async function eventOf(path: string, init: RequestInit = {}): Promise<unknown> {
  const events: unknown[] = []
  const served = await serve(async (_, event) => {
    events.push(event)
    return { payload: { statusCode: 204 }, failed: false }
  })
  await fetch(`${served.get('HelloUrl')}${path}`, init)
  return events[0]
}

test('a request becomes an event of shape 2.0', async () => {
  const event = await eventOf('a%20b?x=1&x=2&y=', { headers: { cookie: 'a=1; b=2', 'X-Some': 'thing' } })
  expect(event).toMatchObject({
    version: '2.0',
    routeKey: '$default',
    rawPath: '/a%20b',
    rawQueryString: 'x=1&x=2&y=',
    cookies: ['a=1', 'b=2'],
    headers: { 'x-some': 'thing' },
    queryStringParameters: { x: '1,2', y: '' },
    requestContext: { stage: '$default', http: { method: 'GET', path: '/a%20b', protocol: 'HTTP/1.1' } },
    isBase64Encoded: false,
  })
  expect(event).not.toHaveProperty('body')
  expect(event).not.toHaveProperty('headers.cookie')
})

test('a text body stays text and any other becomes base64', async () => {
  const json = { method: 'POST', headers: { 'content-type': 'application/json' }, body: '{"a":"ä"}' }
  expect(await eventOf('', json)).toMatchObject({ body: '{"a":"ä"}', isBase64Encoded: false })
  await urls.stop()
  const bytes = { method: 'POST', headers: { 'content-type': 'image/png' }, body: new Uint8Array([255, 0]) }
  expect(await eventOf('', bytes)).toMatchObject({ body: '/wA=', isBase64Encoded: true })
})

test.each([
  [
    { statusCode: 201, headers: { 'X-A': 1 }, body: 'hi' },
    201,
    { 'content-type': 'application/json', 'x-a': '1' },
    'hi',
  ],
  [
    { statusCode: 200, cookies: ['a=1', 'b=2'] },
    200,
    { 'content-type': 'application/json', 'set-cookie': ['a=1', 'b=2'] },
    '',
  ],
  [
    { statusCode: 200, body: 'aGk=', isBase64Encoded: true },
    200,
    { 'content-type': 'application/json' },
    'hi',
  ],
  [{ any: 'thing' }, 200, { 'content-type': 'application/json' }, '{"any":"thing"}'],
  ['text', 200, { 'content-type': 'application/json' }, '"text"'],
  [null, 200, { 'content-type': 'application/json' }, 'null'],
])('the result %j is answered', (payload, status, headers, body) => {
  const answer = functionUrlAnswer(payload)
  expect({ ...answer, body: answer.body.toString() }).toEqual({ status, headers, body })
})

test('a function that fails is answered with 502 and none of its error', async () => {
  const served = await serve(async () => ({ payload: { errorMessage: 'secret' }, failed: true }))
  const response = await fetch(served.get('HelloUrl') ?? '')
  expect([response.status, await response.text()]).toEqual([502, 'Internal Server Error'])
})

test('an invocation that cannot be made is answered with 502', async () => {
  const served = await serve(() => Promise.reject(new Error('no Lambda')))
  expect((await fetch(served.get('HelloUrl') ?? '')).status).toBe(502)
})

test('a function keeps its URL while others come and go', async () => {
  const before = await serve(async () => ({ payload: {}, failed: false }), ['A', 'B'])
  await urls.serve(['A', 'C'])
  await urls.keepOnly(['A', 'C'])
  expect([...urls.urls.keys()]).toEqual(['A', 'C'])
  expect(urls.urls.get('A')).toBe(before.get('A'))
})
