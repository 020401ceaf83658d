import { ManualClock } from '@lpr/test-kit'
import { Batch } from '../batching/batch.ts'
import { onePiece } from '../batching/event-buffer.ts'
import type { Item } from '../batching/item.ts'
import { Delivery } from './delivery.ts'
import { InvokeError } from './invoker.ts'
import { StreamedAnswer } from './stream.ts'

/** A streamed answer for one request, and why its call was cancelled, each time with the clock. */
function setUp() {
  const route = {
    routeKey: 'GET /x',
    maxBatchSize: 1,
    maxQueueDepth: 1,
    maxInflightInvocations: 1,
    envelopeBytes: 0,
    lastPayloadBytes: 0,
  }
  const batch = new Batch('b', route, 0)
  const nothing = (): void => undefined
  const reply = {
    started: false,
    dispatched: nothing,
    respond: nothing,
    head: nothing,
    chunk: nothing,
    end: nothing,
    fail: nothing,
  }
  const facts = { offset: 0, place: -1, bytes: 0, arrivedAtMs: 0, deadlineEpochMs: 0, tenantId: undefined }
  const item: Item = { id: 'a', ...facts, reply, batch: undefined }
  batch.add(item, onePiece(''))
  const clock = new ManualClock()
  const cancelled: [atMs: number, why: string][] = []
  const cancel = ({ message }: Error) => cancelled.push([clock.now(), message])
  const answer = new StreamedAnswer(new Delivery(batch), clock, { streamIdleTimeoutMs: 1000 }, cancel)
  const record = (fields: object) =>
    answer.chunk(Buffer.from(`${JSON.stringify({ v: 1, id: 'a', ...fields })}\n`))
  return { clock, answer, cancelled, record }
}

test('a stream is silent when it has given nothing since its last chunk, whenever the first one came', () => {
  const { clock, answer, cancelled, record } = setUp()
  record({ type: 'head' })
  for (let i = 0; i < 5; i++) {
    clock.advance(700)
    record({ type: 'chunk', body: 'x' })
  }
  clock.advance(999)
  expect(cancelled).toEqual([])
  clock.advance(1)
  expect(cancelled).toEqual([[4500, 'the stream is silent']])
  expect(answer.failed(new Error('cancelled'))).toMatchObject({
    failure: 'function_error',
    message: 'the stream gave no record for 1000 ms',
  })
  expect(clock.pending).toBe(0)
})

test('a stream that has not begun may be silent: the clients wait no longer than their timeouts', () => {
  const { clock, cancelled } = setUp()
  clock.advance(60_000)
  expect(cancelled).toEqual([])
})

test('once every request is answered a stream has a second to end, whatever it still sends', () => {
  const { clock, answer, cancelled, record } = setUp()
  record({ statusCode: 200 })
  clock.advance(900)
  record({ statusCode: 200 })
  clock.advance(100)
  expect(cancelled).toEqual([[1000, 'nobody waits for the stream']])
  expect(answer.failed(new Error('cancelled'))).toBeUndefined()
  expect(clock.pending).toBe(0)
})

test('a connection that breaks before that is an error of its own', () => {
  const { clock, answer, record } = setUp()
  record({ type: 'head' })
  const broken = new InvokeError('transport', 'reset')
  expect(answer.failed(broken)).toBe(broken)
  expect(clock.pending).toBe(0)
})
