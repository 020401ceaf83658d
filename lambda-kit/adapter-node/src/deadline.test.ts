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
} from '../tests/support.ts'
import { batchAdapter, batchAdapterStream, type HttpEvent, type ItemContext } from './index.ts'

let log: ReturnType<typeof captureLog>
beforeEach(() => {
  log = captureLog()
  jest.useFakeTimers({ doNotFake: ['setImmediate', 'nextTick'] })
})
afterEach(() => {
  jest.useRealTimers()
  log.restore()
})

const context = () => {
  const end = Date.now() + 10_000
  return lambdaContext({ getRemainingTimeInMillis: () => end - Date.now() })
}

const never = () => new Promise<string>(() => {})
const stuck = (event: HttpEvent) => (idOf(event) === 'stuck' ? never() : 'fine')

test('an item that hangs does not take the batch with it: it gets 504, and the others their answers', async () => {
  const done = batchAdapter(stuck)(httpBatch('stuck', 'b'), context())
  await jest.advanceTimersByTimeAsync(9900)
  const { responses } = await done
  expect(responses.map(({ id, statusCode, body }) => [id, statusCode, body])).toEqual([
    ['stuck', 504, 'timeout'],
    ['b', 200, 'fine'],
  ])
  expect(log.lines).toMatchObject([{ requestId: 'stuck', phase: 'deadline' }])
})

test('a stream is ended in time, with an answer for the item that hangs', async () => {
  const stream = new MemoryStream()
  const adapted = batchAdapterStream(stuck, { streamifyResponse: streamify })
  const done = adapted(httpBatch('stuck', 'b'), stream, context())
  await jest.advanceTimersByTimeAsync(9900)
  await done
  expect(stream.writableFinished).toBe(true)
  expect(stream.records).toMatchObject([
    { id: 'b', statusCode: 200 },
    { id: 'stuck', statusCode: 504 },
  ])
})

test('a body that hangs ends as an error, and is closed', async () => {
  const stream = new MemoryStream()
  const body = new Readable({ read() {} })
  const adapted = batchAdapterStream(() => ({ statusCode: 200, body }), {
    streamifyResponse: streamify,
    interleaved: true,
  })
  const done = adapted(httpBatch('a'), stream, context())
  await jest.advanceTimersByTimeAsync(9900)
  await done
  expect(stream.records).toMatchObject([
    { type: 'head' },
    { type: 'error', statusCode: 504, message: 'timeout' },
  ])
  expect(body.destroyed).toBe(true)
})

test('a handler that heeds its signal can still end in its own way', async () => {
  const handler = (_event: HttpEvent, { signal }: ItemContext) =>
    new Promise((resolve) => signal.addEventListener('abort', () => resolve('partial result')))
  const done = batchAdapter(handler)(httpBatch('a'), context())
  await jest.advanceTimersByTimeAsync(9800)
  expect(await done).toMatchObject({ responses: [{ statusCode: 200, body: 'partial result' }] })
})

test('the stream of an answer that comes too late is closed', async () => {
  const late = gate<unknown>()
  const body = new Readable({ read() {} })
  const closed = new Promise((resolve) => body.once('close', resolve))
  const done = batchAdapter(() => late.promise)(httpBatch('a'), context())
  await jest.advanceTimersByTimeAsync(9900)
  await done
  late.open({ statusCode: 200, body })
  await closed
  expect(body.destroyed).toBe(true)
})
