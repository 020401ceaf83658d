import { compare } from './compare.ts'
import { bufferedOutcome, streamOutcome } from './outcome.ts'
import type { Fields, Vector } from './vector.ts'

const RESPONSE = { id: 'a', statusCode: 200, headers: { 'x-a': '1' }, body: 'hi', isBase64Encoded: false }

function vectorOf(expected: Vector['expected'], fields: Partial<Vector> = {}): Vector {
  return { name: 'n', description: 'd', modes: ['buffered'], event: {}, expected, ...fields }
}

const BUFFERED = vectorOf({ buffered: { v: 1, responses: [RESPONSE] } })

function buffered(...responses: Fields[]) {
  return compare(BUFFERED, 'buffered', { payload: { v: 1, responses } })
}

function interleaved(vector: Vector, ...records: Fields[]) {
  const lines = records.map((record) => `${JSON.stringify({ v: 1, id: 'a', ...record })}\n`)
  return compare(vector, 'interleaved', streamOutcome(lines.join('')))
}

describe('a buffered answer', () => {
  it('passes when it is what the vector says', () => {
    expect(buffered(RESPONSE)).toEqual([])
  })

  it('may leave defaults out, spell names in any case, and carry cookies as headers', () => {
    const vector = vectorOf({
      buffered: { v: 1, responses: [{ ...RESPONSE, cookies: ['c=1'], body: '' }] },
    })
    const response = { id: 'a', statusCode: 200, headers: { 'X-A': '1', 'Set-Cookie': 'c=1' } }
    expect(compare(vector, 'buffered', { payload: { v: 1, responses: [response] } })).toEqual([])
  })

  it.each<Fields>([
    { statusCode: 201 },
    { statusCode: '200' },
    { headers: {} },
    { headers: { 'x-a': 1 } },
    { headers: { 'x-a': '1', 'x-b': '2' } },
    { multiValueHeaders: { 'x-a': ['1', '2'] } },
    { cookies: ['c=1'] },
    { body: 'ho' },
    { body: 'aGk=', isBase64Encoded: true },
    { id: 'b' },
  ])('fails with %j in it', (change) => {
    expect(buffered({ ...RESPONSE, ...change })).not.toEqual([])
  })

  it('fails with a response too many, or too few', () => {
    expect(buffered(RESPONSE, RESPONSE)).toEqual(['ids: expected ["a"], got ["a","a"]'])
    expect(buffered()).not.toEqual([])
  })

  it('fails when the invocation did, or gave something else', () => {
    expect(compare(BUFFERED, 'buffered', { error: 'boom' })).toEqual([
      'expected an answer, got the error: boom',
    ])
    expect(compare(BUFFERED, 'buffered', { payload: null })).toHaveLength(1)
    expect(compare(BUFFERED, 'buffered', { payload: { v: 2, responses: [RESPONSE] } })).toEqual([
      'v: expected 1, got 2',
    ])
  })

  it('fails with text that UTF-8 cannot carry', () => {
    const vector = vectorOf({ buffered: { v: 1, responses: [{ ...RESPONSE, body: '\ud800' }] } })
    const outcome = { payload: { v: 1, responses: [{ ...RESPONSE, body: '\ud800' }] } }
    expect(compare(vector, 'buffered', outcome)).toEqual([
      'expected text that UTF-8 can carry, got lone surrogates',
    ])
  })
})

describe('an interleaved answer', () => {
  const head = { type: 'head', statusCode: 200, headers: {} }
  const chunk = (body: string) => ({ type: 'chunk', body, isBase64Encoded: false })
  const end = { type: 'end' }
  const ofA = (...all: Fields[]) => all.map((record) => ({ v: 1, id: 'a', ...record }))
  const records = ofA(head, chunk('one'), chunk('two'), end)
  const expected = { interleaved: { a: records } }

  it('passes in the order of the records, whatever empty chunks there are', () => {
    expect(interleaved(vectorOf(expected), head, chunk('one'), chunk(''), chunk('two'), end)).toEqual([])
  })

  it.each([
    ['cut differently', [head, chunk('onetwo'), end]],
    ['in another order', [head, chunk('two'), chunk('one'), end]],
    ['without its end', [head, chunk('one'), chunk('two')]],
    ['without its head', [chunk('one'), chunk('two'), end]],
    ['of another version', [{ ...head, v: 2 }, chunk('one'), chunk('two'), end]],
    ['of another item as well', [head, chunk('one'), chunk('two'), end, { ...end, id: 'b' }]],
  ])('fails when it is %s', (_, changed) => {
    expect(interleaved(vectorOf(expected), ...changed)).not.toEqual([])
  })

  it('passes cut differently, or whole, if only the answer counts', () => {
    const vector = vectorOf(expected, { compare: 'answers' })
    const whole = { statusCode: 200, headers: {}, body: 'onetwo', isBase64Encoded: false }
    expect(interleaved(vector, head, chunk('on'), chunk('etwo'), end)).toEqual([])
    expect(interleaved(vector, whole)).toEqual([])
    expect(interleaved(vector, head, chunk('onetwo'))).not.toEqual([])
    expect(interleaved(vector, head, chunk('one'), end)).not.toEqual([])
  })

  it('fails when items end in another order than expected', () => {
    const two = { a: records, b: records.map((record) => ({ ...record, id: 'b' })) }
    const lines = [...two.a, ...two.b].map((record) => JSON.stringify(record))
    const inOrder = (order: string[]) =>
      compare(vectorOf({ interleaved: two, order }), 'interleaved', { lines })
    expect(inOrder(['a', 'b'])).toEqual([])
    expect(inOrder(['b', 'a'])).toHaveLength(1)
  })

  it('fails with a line longer than routers must take', () => {
    const long = 'x'.repeat(1024 * 1024)
    const vector = vectorOf({ interleaved: { a: ofA(head, chunk(long), end) } })
    expect(interleaved(vector, head, chunk(long), end)).toEqual([
      expect.stringMatching(/^a line has \d+ characters, too many$/),
    ])
  })
})

describe('an answer that is no JSON', () => {
  it('is a difference like any other', () => {
    expect(compare(BUFFERED, 'buffered', bufferedOutcome('<html>'))).toEqual([
      'expected an answer, got the error: the payload is no JSON: <html>',
    ])
    const vector = vectorOf({ stream: { a: [{ v: 1, ...RESPONSE }] } })
    const lines = `${JSON.stringify({ v: 1, ...RESPONSE })}\nnull\n<html>\n`
    expect(compare(vector, 'stream', streamOutcome(lines))).toEqual([
      'expected a line with a JSON object, got "null"',
      'expected a line with a JSON object, got "<html>"',
    ])
  })
})

describe('what is seen from inside', () => {
  const inside = { peak: 2, handled: ['a'], reports: [{ requestId: 'a', phase: 'handler' }] }
  const vector = vectorOf({ error: { includes: ['version'] }, inside })

  it('passes when it is as expected, and when nobody could look', () => {
    expect(compare(vector, 'buffered', { error: 'version 2', inside })).toEqual([])
    expect(compare(vector, 'buffered', { error: 'version 2' })).toEqual([])
  })

  it('fails for each thing that differs', () => {
    const other = { peak: 3, handled: [], reports: [{ requestId: 'a', phase: 'body' }] }
    expect(compare(vector, 'buffered', { error: 'no', inside: other })).toHaveLength(4)
    expect(compare(vector, 'buffered', { payload: {} })).toHaveLength(1)
  })
})
