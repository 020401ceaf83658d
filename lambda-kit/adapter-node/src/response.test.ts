import { Readable } from 'node:stream'
import { collectBody, encodeChunk } from './body.ts'
import { Cancellation } from './cancellation.ts'
import { readResponse } from './response.ts'

const never = new Cancellation()

async function answerOf(value: unknown) {
  const { head, body } = readResponse(value)
  return { ...head, ...encodeChunk(await collectBody(body, never)) }
}

const asJson = (body: string) => ({
  statusCode: 200,
  headers: { 'content-type': 'application/json' },
  body,
  isBase64Encoded: false,
})

test.each([
  ['text', 'Hello from Lambda!', 'Hello from Lambda!'],
  ['empty text', '', ''],
  ['nothing', undefined, 'null'],
  ['null', null, 'null'],
  ['a number', 42, '42'],
  ['false', false, 'false'],
  ['a list', [1, 'a'], '[1,"a"]'],
  ['an object', { message: 'hi' }, '{"message":"hi"}'],
  ['an object with a body and no statusCode', { body: 'hi' }, '{"body":"hi"}'],
  ['an object that says how it is written', new Date(0), '"1970-01-01T00:00:00.000Z"'],
])('%s is a JSON body with status 200, as API Gateway has it', async (_, value, body) => {
  expect(await answerOf(value)).toEqual(asJson(body))
})

test.each([
  ['text', 'hi', { body: 'hi', isBase64Encoded: false }],
  ['nothing', undefined, { body: '', isBase64Encoded: false }],
  ['null', null, { body: '', isBase64Encoded: false }],
  ['a number', 7, { body: '7', isBase64Encoded: false }],
  ['an object', { a: 1 }, { body: '{"a":1}', isBase64Encoded: false }],
  ['a buffer', Buffer.from('hi'), { body: 'aGk=', isBase64Encoded: true }],
  ['a byte array', new Uint8Array([104, 105]), { body: 'aGk=', isBase64Encoded: true }],
  [
    'a part of a byte array',
    new Uint8Array([0, 104, 105, 0]).subarray(1, 3),
    { body: 'aGk=', isBase64Encoded: true },
  ],
  ['an array buffer', new Uint8Array([104, 105]).buffer, { body: 'aGk=', isBase64Encoded: true }],
  ['a data view', new DataView(new Uint8Array([104, 105]).buffer), { body: 'aGk=', isBase64Encoded: true }],
  [
    'a Node stream of bytes',
    Readable.from([Buffer.from('h'), Buffer.from('i')]),
    { body: 'aGk=', isBase64Encoded: true },
  ],
  ['a web stream', new Response('hi').body, { body: 'aGk=', isBase64Encoded: true }],
  ['a list of text', ['h', 'i'], { body: 'hi', isBase64Encoded: false }],
  ['text and bytes', ['h', Buffer.from('i')], { body: 'aGk=', isBase64Encoded: true }],
])('a body may be %s', async (_, body, expected) => {
  expect(await answerOf({ statusCode: 201, body })).toEqual({ statusCode: 201, headers: {}, ...expected })
})

test('bytes and streams may be returned bare', async () => {
  const expected = {
    statusCode: 200,
    headers: { 'content-type': 'application/octet-stream' },
    body: 'aGk=',
    isBase64Encoded: true,
  }
  expect(await answerOf(Buffer.from('hi'))).toEqual(expected)
  expect(await answerOf(new Response('hi').body)).toEqual(expected)
})

test('an object without statusCode is a response if its body is a stream, which JSON could not say', async () => {
  const value = { headers: { a: 'b' }, body: Readable.from(['h', 'i']) }
  expect(await answerOf(value)).toEqual({
    statusCode: 200,
    headers: { a: 'b' },
    body: 'hi',
    isBase64Encoded: false,
  })
})

test('base64 text is passed on as base64', async () => {
  const value = { statusCode: 200, body: 'aGk=', isBase64Encoded: true }
  expect(await answerOf(value)).toMatchObject({ body: 'aGk=', isBase64Encoded: true })
})

test('a statusCode may be text, as API Gateway takes it', async () => {
  expect(await answerOf({ statusCode: '404' })).toMatchObject({ statusCode: 404 })
})

test.each([99, 100, 199, 1000, 200.5, Number.NaN, 'abc', '20', true, {}])(
  'a statusCode of %p is an error',
  (statusCode) => {
    expect(() => readResponse({ statusCode })).toThrow(
      /^statusCode: expected a whole number from 200 to 999, got /,
    )
  },
)

test.each([
  ['text that is no base64', { statusCode: 200, body: 'not base64!', isBase64Encoded: true }, /not base64/],
  ['a function', () => 'hi', /got a function/],
  ['a symbol', Symbol('hi'), /got a symbol/],
  ['a function as body', { statusCode: 200, body: () => 'hi' }, /got a function/],
  ['what JSON cannot say', { big: 10n }, /BigInt/],
])('%s is an error', (_, value, message) => {
  expect(() => readResponse(value)).toThrow(message)
})

test('a stream under a head that is no good is destroyed', () => {
  const body = Readable.from(['never read'])
  expect(() => readResponse({ statusCode: 'abc', body })).toThrow(TypeError)
  expect(body.destroyed).toBe(true)
})

test('a web Response is refused, as its status and headers would be lost', () => {
  expect(() => readResponse(new Response('no', { status: 404 }))).toThrow(
    'expected an object with statusCode, headers and body, got a web Response',
  )
})
