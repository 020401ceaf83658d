import { Readable } from 'node:stream'
import { jest } from '@jest/globals'
import { captureLog, gate, httpBatch, httpEvent, idOf, lambdaContext, turns } from '../tests/support.ts'
import { batchAdapter, type ErrorInfo, type HttpEvent, type ItemContext } from './index.ts'

let log: ReturnType<typeof captureLog>
beforeEach(() => {
  log = captureLog()
})
afterEach(() => log.restore())

const internalError = (id: string) => ({
  id,
  statusCode: 500,
  headers: { 'content-type': 'text/plain' },
  body: 'internal error',
  isBase64Encoded: false,
})

test('every item is answered under its id, in the order of the batch', async () => {
  const slow = gate()
  const adapted = batchAdapter(async (event) => {
    if (idOf(event) === 'a') await slow.promise
    else slow.open()
    return { statusCode: 201, headers: { 'x-id': idOf(event) }, cookies: ['k=v'], body: `hi ${idOf(event)}` }
  })
  const answer = (id: string) => ({
    id,
    statusCode: 201,
    headers: { 'x-id': id },
    cookies: ['k=v'],
    body: `hi ${id}`,
    isBase64Encoded: false,
  })
  expect(await adapted(httpBatch('a', 'b'))).toEqual({ v: 1, responses: [answer('a'), answer('b')] })
})

test('an empty batch has an empty answer', async () => {
  expect(await batchAdapter(async () => 'never')(httpBatch())).toEqual({ v: 1, responses: [] })
})

test('the handler gets the item as it is', async () => {
  const events: HttpEvent[] = []
  const batch = httpBatch('a', 'b')
  await batchAdapter((event) => events.push(event))(batch)
  expect(events).toEqual(batch.batch)
})

test('by default all items of a batch are handled at once', async () => {
  const hold = gate()
  const started: string[] = []
  const ids = Array.from({ length: 50 }, (_, index) => `r-${index}`)
  const done = batchAdapter(async (event) => {
    started.push(idOf(event))
    await hold.promise
  })(httpBatch(...ids))
  await turns()
  expect(started).toEqual(ids)
  hold.open()
  await done
})

test.each([
  [1, 1],
  [3, 3],
  [Number.POSITIVE_INFINITY, 10],
])('with a concurrency of %p, %p of ten items are handled at once', async (concurrency, expected) => {
  let atWork = 0
  let most = 0
  const handler = async () => {
    atWork += 1
    most = Math.max(most, atWork)
    await turns()
    atWork -= 1
  }
  await batchAdapter(handler, { concurrency })(httpBatch(...'abcdefghij'))
  expect(most).toBe(expected)
})

test.each([
  ['throws', () => fail()],
  ['rejects', async () => fail()],
  ['throws what is no error', () => fail('just text')],
  ['returns a bad status', () => ({ statusCode: 'abc' })],
  ['returns headers that cannot be sent', () => ({ statusCode: 200, headers: { a: Object.create(null) } })],
  ['has a body that fails half-way', () => ({ statusCode: 200, body: failingBody() })],
  ['returns what JSON cannot say', () => ({ big: 10n })],
])('an item whose handler %s fails alone', async (_, misbehave) => {
  const adapted = batchAdapter((event) => (idOf(event) === 'bad' ? misbehave() : 'fine'))
  const { responses } = await adapted(httpBatch('before', 'bad', 'after'))
  expect(responses[1]).toEqual(internalError('bad'))
  expect(responses.map(({ id, statusCode }) => [id, statusCode])).toEqual([
    ['before', 200],
    ['bad', 500],
    ['after', 200],
  ])
})

test.each([
  ['handler', () => fail()],
  ['response', () => ({ statusCode: 1 })],
  ['body', () => ({ statusCode: 200, body: failingBody() })],
])('a failure in phase %s is logged in one line and told to onError', async (phase, misbehave) => {
  const told: [unknown, ErrorInfo][] = []
  const batch = httpBatch('bad')
  await batchAdapter(misbehave, { onError: (...args) => told.push(args) })(batch)
  expect(told).toEqual([[expect.any(Error), { requestId: 'bad', item: batch.batch[0], phase }]])
  expect(log.lines).toEqual([
    {
      timestamp: expect.any(String),
      level: 'error',
      message: 'item failed',
      event: 'item_failed',
      requestId: 'bad',
      phase,
      error: expect.objectContaining({ message: expect.any(String), stack: expect.any(String) }),
    },
  ])
})

test('the log shows what is no error, and errors that cannot be shown', async () => {
  const hostile = Object.defineProperty(new Error('x'), 'message', { get: () => fail() })
  const thrown: Record<string, unknown> = { text: 'just text', nothing: undefined, hostile }
  const adapted = batchAdapter((event) => {
    throw thrown[idOf(event)]
  })
  await adapted(httpBatch(...Object.keys(thrown)))
  expect(log.lines.map(({ error }) => error)).toEqual([
    { message: 'just text' },
    { message: 'undefined' },
    { message: 'an error that cannot be printed' },
  ])
})

test.each([
  ['throws', () => fail('from onError')],
  ['rejects', async () => fail('from onError')],
])('an onError that %s is logged, and the items are answered all the same', async (_, onError) => {
  const { responses } = await batchAdapter(() => fail(), { onError })(httpBatch('a', 'b'))
  await turns()
  expect(responses).toEqual([internalError('a'), internalError('b')])
  expect(log.lines.filter(({ message }) => message === 'onError failed')).toHaveLength(2)
})

test('a batch of a version that is not known fails as a whole, with the version named', async () => {
  const batch = { ...httpBatch('a'), v: 2 } as unknown as HttpEvent
  await expect(batchAdapter(async () => 'never')(batch)).rejects.toThrow(
    'batch event: expected version 1, got 2; update lpr-lambda-adapter',
  )
})

test.each([
  ['an ordinary event', httpEvent('direct')],
  ['an event that has a batch and no version', { batch: [] }],
  ['an event whose batch is no list', { v: 1, batch: 'no' }],
  ['text', 'ping'],
  ['nothing', null],
])('%s goes to the handler itself, and its value comes back unchanged', async (_, event) => {
  const value = { anything: Symbol('at all') }
  const handler = jest.fn((_event: unknown, _context: ItemContext) => value)
  const adapted = batchAdapter(handler)
  expect(await adapted(event, lambdaContext())).toBe(value)
  expect(handler.mock.calls[0]?.[0]).toBe(event)
  const context = handler.mock.calls[0]?.[1]
  expect(context?.awsRequestId).toBe('invocation-1')
  expect(context?.signal.aborted).toBe(false)
})

test('the error of a direct invocation is left to the runtime', async () => {
  await expect(batchAdapter(() => fail('mine'))(httpEvent('direct'))).rejects.toBe('mine')
  expect(log.lines).toEqual([])
})

test('responses that are too large together: the largest give way, the others get through', async () => {
  const sizes: Record<string, number> = { small: 10, large: 5_000_000, medium: 2_000_000 }
  const adapted = batchAdapter((event) => ({ statusCode: 200, body: 'x'.repeat(sizes[idOf(event)] ?? 0) }))
  const answer = await adapted(httpBatch('small', 'large', 'medium'))
  expect(answer.responses.map(({ statusCode }) => statusCode)).toEqual([200, 500, 200])
  expect(Buffer.byteLength(JSON.stringify(answer))).toBeLessThan(6 * 1024 * 1024)
  expect(log.lines).toMatchObject([{ requestId: 'large', phase: 'response' }])
})

function fail(value: unknown = new Error('handler failed')): never {
  throw value
}

function failingBody(): Readable {
  return Readable.from(
    (async function* () {
      yield 'a'
      throw new Error('body failed')
    })(),
  )
}
