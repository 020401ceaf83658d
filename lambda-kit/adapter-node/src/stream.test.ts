import { Readable } from 'node:stream'
import { jest } from '@jest/globals'
import {
  captureLog,
  gate,
  httpBatch,
  idOf,
  lambdaContext,
  MemoryStream,
  streamify,
  turns,
} from '../tests/support.ts'
import {
  batchAdapterStream,
  type ErrorInfo,
  type Handler,
  type HttpEvent,
  type StreamAdapterOptions,
} from './index.ts'

let log: ReturnType<typeof captureLog>
beforeEach(() => {
  log = captureLog()
})
afterEach(() => log.restore())

type Options = Omit<StreamAdapterOptions, 'streamifyResponse'>

function adapt(handler: Handler, options: Options = {}) {
  return batchAdapterStream(handler, { streamifyResponse: streamify, ...options })
}

async function answerOf(handler: Handler, options: Options, ...ids: string[]): Promise<MemoryStream> {
  const stream = new MemoryStream()
  await adapt(handler, options)(httpBatch(...ids), stream, lambdaContext())
  return stream
}

const interleaved = { interleaved: true }

test('each response is one line of NDJSON, and the stream is ended', async () => {
  const stream = await answerOf(
    () => ({ statusCode: 201, headers: { a: 1 }, cookies: ['k=v'], body: 'hi' }),
    {},
    'a',
  )
  expect(stream.contentType).toBe('application/x-ndjson')
  expect(stream.writableFinished).toBe(true)
  expect(stream.lines).toEqual([
    '{"v":1,"id":"a","statusCode":201,"headers":{"a":"1"},"cookies":["k=v"],"body":"hi","isBase64Encoded":false}',
  ])
})

test('an empty batch is an empty stream', async () => {
  const stream = await answerOf(() => 'never', {})
  expect(stream.text).toBe('')
  expect(stream.writableFinished).toBe(true)
})

test('responses come in the order in which they are done', async () => {
  const slow = gate()
  const stream = new MemoryStream()
  const done = adapt(async (event) => {
    if (idOf(event) === 'slow') await slow.promise
  })(httpBatch('slow', 'fast'), stream)
  await turns()
  expect(stream.records.map(({ id }) => id)).toEqual(['fast'])
  slow.open()
  await done
  expect(stream.records.map(({ id }) => id)).toEqual(['fast', 'slow'])
})

test('a streamed body is collected when responses are not interleaved', async () => {
  const stream = await answerOf(() => ({ statusCode: 200, body: Readable.from(['h', 'i']) }), {}, 'a')
  expect(stream.records).toEqual([
    { v: 1, id: 'a', statusCode: 200, headers: {}, body: 'hi', isBase64Encoded: false },
  ])
})

test('an interleaved response is a head, its pieces, and an end', async () => {
  const handler = () => ({
    statusCode: 200,
    headers: { a: 'b' },
    cookies: ['k=v'],
    body: ['h', Buffer.from('i')],
  })
  expect((await answerOf(handler, interleaved, 'a')).records).toEqual([
    { v: 1, id: 'a', type: 'head', statusCode: 200, headers: { a: 'b' }, cookies: ['k=v'] },
    { v: 1, id: 'a', type: 'chunk', body: 'h', isBase64Encoded: false },
    { v: 1, id: 'a', type: 'chunk', body: 'aQ==', isBase64Encoded: true },
    { v: 1, id: 'a', type: 'end' },
  ])
})

test('the head leaves before the first piece is there, and a piece before the next', async () => {
  const steps = [gate(), gate()]
  const stream = new MemoryStream()
  async function* body() {
    for (const [index, step] of steps.entries()) {
      await step.promise
      yield `piece ${index}`
    }
  }
  const done = adapt(() => ({ statusCode: 200, body: body() }), interleaved)(httpBatch('a'), stream)
  const types = () => stream.records.map((record) => ('type' in record ? record.type : 'one'))
  await turns()
  expect(types()).toEqual(['head'])
  steps[0]?.open()
  await turns()
  expect(types()).toEqual(['head', 'chunk'])
  steps[1]?.open()
  await done
  expect(types()).toEqual(['head', 'chunk', 'chunk', 'end'])
})

test('a large response goes out in several records, and arrives whole', async () => {
  const body = 'é'.repeat(1_000_000)
  for (const options of [{}, interleaved]) {
    const stream = await answerOf(() => ({ statusCode: 200, body }), options, 'a')
    expect(Math.max(...stream.lines.map((line) => Buffer.byteLength(line)))).toBeLessThan(1_000_000)
    const chunks = stream.records.flatMap((record) =>
      'type' in record && record.type === 'chunk' ? record.body : [],
    )
    expect(chunks.join('') === body).toBe(true)
    expect(stream.records.at(-1)).toEqual({ v: 1, id: 'a', type: 'end' })
  }
})

test.each([
  ['throws', () => fail()],
  ['returns a bad status', () => ({ statusCode: 0 })],
  ['returns a header that cannot be text', () => ({ statusCode: 200, headers: { a: Object.create(null) } })],
])('an item whose handler %s gets an error, and the others their answers', async (_, misbehave) => {
  const handler = (event: HttpEvent) => (idOf(event) === 'bad' ? misbehave() : 'fine')
  const whole = await answerOf(handler, {}, 'a', 'bad', 'b')
  expect(whole.recordsOf('bad')).toEqual([
    {
      v: 1,
      id: 'bad',
      statusCode: 500,
      headers: { 'content-type': 'text/plain' },
      body: 'internal error',
      isBase64Encoded: false,
    },
  ])
  const pieces = await answerOf(handler, interleaved, 'a', 'bad', 'b')
  expect(pieces.recordsOf('bad')).toEqual([
    { v: 1, id: 'bad', type: 'error', statusCode: 500, message: 'internal error' },
  ])
  for (const id of ['a', 'b']) {
    expect(whole.recordsOf(id)).toHaveLength(1)
    expect(pieces.recordsOf(id).at(-1)).toEqual({ v: 1, id, type: 'end' })
  }
})

test('a body that fails half-way ends in an error record, so that nobody takes it for whole', async () => {
  const told: ErrorInfo['phase'][] = []
  async function* body() {
    yield 'a'
    throw new Error('lost')
  }
  const options = { ...interleaved, onError: (_: unknown, { phase }: ErrorInfo) => told.push(phase) }
  const stream = await answerOf(() => ({ statusCode: 200, body: body() }), options, 'a')
  expect(stream.records).toMatchObject([
    { type: 'head' },
    { type: 'chunk', body: 'a' },
    { type: 'error', statusCode: 500, message: 'stream error' },
  ])
  expect(told).toEqual(['body'])
  expect(log.lines).toMatchObject([{ requestId: 'a', phase: 'body' }])
})

test('a body that fails before anything was sent is an ordinary error', async () => {
  const body = Readable.from(
    (async function* () {
      yield 'a'
      throw new Error('lost')
    })(),
  )
  const stream = await answerOf(() => ({ statusCode: 200, body }), {}, 'a')
  expect(stream.records).toMatchObject([{ id: 'a', statusCode: 500, body: 'internal error' }])
})

test('a full stream holds back the bodies that fill it', async () => {
  let made = 0
  function* body() {
    for (; made < 1000; made += 1) yield 'x'.repeat(1000)
  }
  const stream = new MemoryStream()
  stream.hold()
  const done = adapt(() => ({ statusCode: 200, body: body() }), interleaved)(httpBatch('a'), stream)
  await turns()
  await turns()
  expect(made).toBeLessThan(50)
  stream.release()
  await done
  expect(stream.records).toHaveLength(1002)
})

test.each([
  ['fails', new Error('connection reset')],
  ['is closed', undefined],
])('when the stream %s bodies are closed, signals aborted, and nothing more is started', async (_, error) => {
  const closed: string[] = []
  const handler = jest.fn((event: HttpEvent, _context: { signal: AbortSignal }) => ({
    statusCode: 200,
    body: Object.assign(new Readable({ read() {} }), {
      destroy(this: Readable, reason?: Error) {
        closed.push(idOf(event))
        return Readable.prototype.destroy.call(this, reason)
      },
    }),
  }))
  const stream = new MemoryStream()
  const told: ErrorInfo[] = []
  const onError = (_: unknown, info: ErrorInfo) => told.push(info)
  const adapted = adapt(handler as Handler, { ...interleaved, concurrency: 2, onError })
  const done = adapted(httpBatch('a', 'b', 'never'), stream, lambdaContext())
  await turns()
  stream.destroy(error)
  await done
  expect([...new Set(closed)]).toEqual(['a', 'b'])
  expect(handler.mock.calls.map(([, { signal }]) => signal.aborted)).toEqual([true, true])
  expect(told).toEqual([{ requestId: 'invocation-1', phase: 'write' }])
})

test('a batch of a version that is not known is refused, with the version named', async () => {
  const batch = { ...httpBatch('a'), v: '9' } as unknown as HttpEvent
  await expect(adapt(() => 'never')(batch, new MemoryStream())).rejects.toThrow('expected version 1, got "9"')
})

function fail(): never {
  throw new Error('handler failed')
}
