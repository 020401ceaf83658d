import { Batch } from '../batching/batch.ts'
import { onePiece } from '../batching/event-buffer.ts'
import type { Item, Reply } from '../batching/item.ts'
import { RouterError } from '../errors.ts'
import { Delivery } from './delivery.ts'
import { AnswerReader, readBufferedAnswer } from './reader.ts'

/** A batch of items whose replies write down what happens to them. */
function setUp(...ids: string[]) {
  const route = {
    routeKey: 'GET /x',
    maxBatchSize: 9,
    maxQueueDepth: 9,
    maxInflightInvocations: 9,
    envelopeBytes: 0,
    lastPayloadBytes: 0,
  }
  const batch = new Batch('b', route, 0)
  const outcomes = new Map<string, string[]>()
  for (const id of ids) {
    const log: string[] = []
    outcomes.set(id, log)
    let started = false
    const start = (line: string): void => {
      started = true
      log.push(line)
    }
    const reply: Reply = {
      get started() {
        return started
      },
      dispatched: () => undefined,
      respond: (head, body) => start(`${head.statusCode} ${Buffer.from(body)}`),
      head: (head) => start(`head ${head.statusCode}`),
      chunk: (data) => log.push(`chunk ${Buffer.from(data)}`),
      end: () => log.push('end'),
      fail: (error) => log.push(`fail ${error.code}`),
    }
    const item: Item = {
      id,
      offset: 0,
      place: -1,
      bytes: 0,
      arrivedAtMs: 0,
      deadlineEpochMs: 0,
      tenantId: undefined,
      reply,
      batch: undefined,
    }
    batch.add(item, onePiece(''))
  }
  const delivery = new Delivery(batch)
  return { batch, delivery, outcome: (id: string) => outcomes.get(id)?.join(', ') }
}

function buffered(ids: string[], answer: unknown) {
  const setup = setUp(...ids)
  readBufferedAnswer(
    Buffer.from(typeof answer === 'string' ? answer : JSON.stringify(answer)),
    setup.delivery,
  )
  setup.delivery.finish()
  return setup
}

function streamed(ids: string[], ...lines: unknown[]) {
  const setup = setUp(...ids)
  const reader = new AnswerReader(setup.delivery)
  for (const line of lines)
    reader.push(Buffer.from(`${typeof line === 'string' ? line : JSON.stringify(line)}\n`))
  reader.end()
  setup.delivery.finish()
  return setup
}

const ok = (id: string, body = id) => ({ v: 1, id, statusCode: 200, body })

test('each request gets the response with its id', () => {
  const { outcome } = buffered(['a', 'b'], { v: 1, responses: [ok('b'), { ...ok('a'), statusCode: 201 }] })
  expect([outcome('a'), outcome('b')]).toEqual(['201 a', '200 b'])
})

test.each([
  ['a status that is none', { statusCode: 99999 }],
  ['no status', { statusCode: undefined }],
  ['a fractional status', { statusCode: 200.5 }],
  ['an interim status', { statusCode: 101 }],
  ['a header value that is an object', { headers: { a: {} } }],
  ['a header with a line break', { headers: { a: 'x\r\nset-cookie: y' } }],
  ['a header name that is none', { headers: { 'a b': 'x' } }],
  ['headers that are a list', { headers: ['a'] }],
  ['cookies that are a string', { cookies: 'a=b' }],
  ['a body that is an object', { body: {} }],
  ['a body that is not base64', { body: '%%%', isBase64Encoded: true }],
  ['another version', { v: 2 }],
])('%s fails its own request only', (_, broken) => {
  const { outcome, delivery } = streamed(['a', 'b'], { ...ok('a'), ...broken }, ok('b'))
  expect([outcome('a'), outcome('b')]).toEqual(['fail invalid_function_response', '200 b'])
  expect(delivery.stray).toEqual({ malformed: 0, unknown: 0, late: 0 })
})

test('numbers and booleans as header values, null headers and null bodies are fine', () => {
  const { outcome } = buffered(['a', 'b'], {
    v: 1,
    responses: [
      { id: 'a', statusCode: 200, headers: { n: 5, t: true, gone: null }, body: null },
      { id: 'b', statusCode: '204', headers: null, cookies: null },
    ],
  })
  expect([outcome('a'), outcome('b')]).toEqual(['200 ', '204 '])
})

test('a request that the function left out gets missing_function_response', () => {
  expect(buffered(['a', 'b'], { v: 1, responses: [ok('a')] }).outcome('b')).toBe(
    'fail missing_function_response',
  )
  expect(streamed(['a', 'b'], ok('a')).outcome('b')).toBe('fail missing_function_response')
})

test('an envelope of another version fails every request of it', () => {
  const { outcome } = buffered(['a', 'b'], { v: 2, responses: [ok('a')] })
  expect([outcome('a'), outcome('b')]).toEqual([
    'fail invalid_function_response',
    'fail missing_function_response',
  ])
})

test('the first record for an id wins; duplicates, unknown ids and lines that are no records are counted', () => {
  const { outcome, delivery } = streamed(
    ['a', 'b'],
    'not json',
    ok('a', '1'),
    ok('a', '2'),
    ok('z'),
    { v: 1 },
    [1],
    'null',
    ok('b'),
  )
  expect([outcome('a'), outcome('b')]).toEqual(['200 1', '200 b'])
  expect(delivery.stray).toEqual({ malformed: 4, unknown: 1, late: 1 })
})

test('interleaved records start, feed and end each response by itself', () => {
  const { outcome } = streamed(
    ['a', 'b'],
    { v: 1, id: 'a', type: 'head', statusCode: 201 },
    { v: 1, id: 'b', type: 'chunk', body: 'b1' },
    { v: 1, id: 'a', type: 'chunk', body: Buffer.from('a1').toString('base64'), isBase64Encoded: true },
    { v: 1, id: 'a', type: 'head', statusCode: 500 },
    { v: 1, id: 'b', type: 'end' },
    { v: 1, id: 'a', type: 'future' },
    { v: 1, id: 'a', type: 'end' },
  )
  expect(outcome('a')).toBe('head 201, chunk a1, end')
  expect(outcome('b')).toBe('head 200, chunk b1, end')
})

test('an end without a head is an empty 200', () => {
  expect(streamed(['a'], { v: 1, id: 'a', type: 'end' }).outcome('a')).toBe('200 ')
})

test.each([
  [{ statusCode: 503, message: 'no' }, '503 no'],
  [{}, '502 error'],
  [{ statusCode: 7 }, '502 error'],
])('an error record %j before the head is the answer', (fields, expected) => {
  expect(streamed(['a'], { v: 1, id: 'a', type: 'error', ...fields }).outcome('a')).toBe(expected)
})

test.each([
  ['an error record', { v: 1, id: 'a', type: 'error' }, 'function_error'],
  ['the end of the stream', 'x', 'missing_function_response'],
  ['a whole response', ok('a'), 'invalid_function_response'],
  ['a chunk that cannot be read', { v: 1, id: 'a', type: 'chunk', body: 5 }, 'invalid_function_response'],
])('after the head %s fails the response instead of ending it', (_, line, code) => {
  expect(streamed(['a'], { v: 1, id: 'a', type: 'head' }, line).outcome('a')).toBe(`head 200, fail ${code}`)
})

test('a function that answers a stream with the buffered envelope is understood, on one line or on many', () => {
  const envelope = { v: 1, responses: [ok('a'), ok('b')] }
  expect(streamed(['a', 'b'], envelope).outcome('b')).toBe('200 b')
  expect(streamed(['a', 'b'], JSON.stringify(envelope, null, 2)).outcome('b')).toBe('200 b')
})

test('a function that answers a buffered call with records is understood', () => {
  expect(buffered(['a', 'b'], `${JSON.stringify(ok('a'))}\n${JSON.stringify(ok('b'))}`).outcome('b')).toBe(
    '200 b',
  )
})

test.each(['', 'null', '5', '"text"', '{}', '{"responses":5}', '[]', '{"v":1'])(
  'the buffered answer %s leaves nobody hanging',
  (answer) => {
    expect(buffered(['a'], answer).outcome('a')).toBe('fail missing_function_response')
  },
)

test('an oversized record is skipped, the others are delivered', () => {
  const { delivery, outcome } = setUp('a', 'b')
  const reader = new AnswerReader(delivery, 100)
  reader.push(Buffer.from(`${JSON.stringify(ok('a', 'x'.repeat(200)))}\n${JSON.stringify(ok('b'))}\n`))
  reader.end()
  delivery.finish()
  expect([outcome('a'), outcome('b')]).toEqual(['fail missing_function_response', '200 b'])
  expect(delivery.stray.malformed).toBe(1)
})

test('failRest fails exactly those that have no outcome', () => {
  const { delivery, outcome } = setUp('a', 'b')
  delivery.record(ok('a'))
  delivery.failRest(new RouterError('function_error', 'x'))
  expect([outcome('a'), outcome('b')]).toEqual(['200 a', 'fail function_error'])
  expect(delivery.complete).toBe(true)
})
