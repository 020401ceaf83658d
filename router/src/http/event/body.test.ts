import fc from 'fast-check'
import { eventBody, jsonBody } from './body.ts'

/** What a reader of the event gets. */
function read(body: Buffer) {
  const { text, isBase64Encoded } = jsonBody(body)
  return { body: JSON.parse(`"${Buffer.from(text)}"`) as string, isBase64Encoded }
}

const LONG = 'x'.repeat(10_000)

test.each([
  ['text', 'hello'],
  ['text that ends within a word', 'hello wor'],
  ['a quote', 'say "hi"'],
  ['a backslash', 'C:\\temp'],
  ['controls', 'a\tb\nc\u001f'],
  ['the last character that needs no escape', '~\x7f !#[]'],
  ['text beyond ASCII', 'é€😀'],
  ['long text', LONG],
  ['a quote at the very end of long text', `${LONG}"`],
  ['text beyond ASCII at the very end of long text', `${LONG}é`],
])('%s stays text, and is read as it came', (_what, text) => {
  expect(read(Buffer.from(text))).toEqual({ body: text, isBase64Encoded: false })
})

test.each([
  ['bytes that are not UTF-8', Buffer.from([0xff, 0x41])],
  ['a NUL byte', Buffer.from(`a\0b`)],
  ['a NUL byte at the end of long text', Buffer.from(`${LONG}\0`)],
])('%s travels as base64', (_what, body) => {
  expect(read(body)).toEqual({ body: body.toString('base64'), isBase64Encoded: true })
})

test('a body of any length is read as it came, near the end of a piece above all', () => {
  for (let length = 1; length <= 3 * 4096 + 8; length++) {
    const body = Buffer.alloc(length, 'text ')
    expect([length, jsonBody(body).text === body]).toEqual([length, true])
    body[length - 1] = 0x22
    expect([length, jsonBody(body).text === body]).toEqual([length, false])
  }
})

test('what a longer body left behind does not count for the next one', () => {
  read(Buffer.from('"'.repeat(100)))
  expect(jsonBody(Buffer.from('plain')).text).toEqual(Buffer.from('plain'))
})

test('every single byte that needs an escape is seen, wherever it stands', () => {
  for (let byte = 1; byte < 256; byte++) {
    for (let at = 0; at < 9; at++) {
      const body = Buffer.alloc(9, 'a')
      body[at] = byte
      const needsEscape = byte < 0x20 || byte === 0x22 || byte === 0x5c || byte > 0x7f
      expect([byte, at, jsonBody(body).text === body]).toEqual([byte, at, !needsEscape])
    }
  }
})

test('a body is told the same as bytes and as a string', () => {
  const bytes = fc.oneof(
    fc.uint8Array({ maxLength: 300 }).map((body) => Buffer.from(body)),
    fc.string({ unit: 'grapheme', minLength: 1 }).map((text) => Buffer.from(text)),
    fc.json().map((text) => Buffer.from(text)),
  )
  const filled = bytes.filter(({ length }) => length > 0)
  fc.assert(fc.property(filled, (body) => expect(read(body)).toEqual(eventBody(body))))
})
