import { EventStreamCodec } from '@smithy/core/event-streams'
import { Answers, itemIds } from './answers.ts'
import { INVOKE_COMPLETE, payloadChunk } from './frames.ts'

const item = (id: string, body = '') => ({
  version: '2.0',
  routeKey: 'POST /r0/{id}',
  requestContext: { requestId: id, http: { method: 'POST' } },
  body,
})
const settings = { serviceMs: 1, bodyBytes: 40 }

test('the ids of a batch are found in order', () => {
  const event = {
    v: 1,
    meta: { router: 'lambda-parallel-router', route: '/r0/{id}' },
    batch: [item('r-1'), item('r-2')],
  }
  expect(itemIds(Buffer.from(JSON.stringify(event)))).toEqual(['r-1', 'r-2'])
})

test('the event of a single request has none', () => {
  expect(itemIds(Buffer.from(JSON.stringify(item('r-1', 'x'.repeat(5000)))))).toBeUndefined()
})

test('the envelope answers every item, and says how long the function took', () => {
  const envelope = JSON.parse(new Answers(settings).envelope(['r-1', 'r-2'], 1234).toString())
  expect(envelope.v).toBe(1)
  expect(envelope.responses.map(({ id }: { id: string }) => id)).toEqual(['r-1', 'r-2'])
  expect(envelope.responses[1]).toMatchObject({ statusCode: 200, headers: { 'x-bench-function-us': '1234' } })
  expect(envelope.responses[0].body).toHaveLength(40)
})

test('records are lines of JSON that make one response', () => {
  const answers = new Answers({ ...settings, events: { count: 2, intervalMs: 1 } })
  const lines = (answers.opening('r-1', 5) + answers.chunk('r-1') + answers.end('r-1')).trim().split('\n')
  const records = lines.map((line) => JSON.parse(line))
  expect(records.map(({ type }) => type)).toEqual(['head', 'chunk', 'chunk', 'end'])
  expect(records[1].body).toMatch(/^data: .{40}\n\n$/)
})

test("frames are what the SDK's own codec reads", () => {
  const codec = new EventStreamCodec(
    (bytes) => Buffer.from(bytes as Uint8Array).toString(),
    (text) => Buffer.from(text),
  )
  const chunk = codec.decode(payloadChunk(Buffer.from('a record')))
  expect(Buffer.from(chunk.body).toString()).toBe('a record')
  expect(chunk.headers[':event-type']?.value).toBe('PayloadChunk')
  expect(codec.decode(INVOKE_COMPLETE).headers[':event-type']?.value).toBe('InvokeComplete')
})
