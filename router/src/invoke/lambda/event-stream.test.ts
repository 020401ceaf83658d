import { SeededRandom } from '@lpr/test-kit'
import { EventStreamCodec } from '@smithy/core/event-streams'
import { EventStream } from './event-stream.ts'

const codec = new EventStreamCodec(
  (input) => (typeof input === 'string' ? input : Buffer.from(input).toString()),
  (text) => Buffer.from(text),
)

function message(headers: Record<string, string>, body: string): Buffer {
  const typed = Object.entries(headers).map(([name, value]) => [
    `:${name}`,
    { type: 'string' as const, value },
  ])
  return Buffer.from(codec.encode({ headers: Object.fromEntries(typed), body: Buffer.from(body) }))
}

const event = (type: string, body: string): Buffer =>
  message({ 'message-type': 'event', 'event-type': type }, body)

const COMPLETE = event('InvokeComplete', '{}')

function read(...chunks: Buffer[]): string {
  let text = ''
  const stream = new EventStream((bytes) => {
    text += Buffer.from(bytes).toString()
  })
  for (const chunk of chunks) stream.push(chunk)
  stream.end()
  return text
}

test('payloads come out in order, wherever the connection has cut them', () => {
  const random = new SeededRandom(1)
  const parts = ['one ', '', 'two '.repeat(5000), 'three']
  const bytes = Buffer.concat([...parts.map((part) => event('PayloadChunk', part)), COMPLETE])
  for (let round = 0; round < 50; round++) {
    const chunks: Buffer[] = []
    for (let at = 0; at < bytes.length; ) {
      const end = Math.min(bytes.length, at + 1 + random.below(round < 10 ? 5 : 9000))
      chunks.push(bytes.subarray(at, end))
      at = end
    }
    expect(read(...chunks)).toBe(parts.join(''))
  }
})

test('what is not known yet is left out', () => {
  const unknown = message({ 'message-type': 'rumour' }, 'x')
  expect(read(event('Progress', 'x'), unknown, event('PayloadChunk', 'y'), COMPLETE)).toBe('y')
})

test.each([
  [
    'a function that failed',
    () => [event('InvokeComplete', '{"ErrorCode":"Unhandled","ErrorDetails":"boom"}')],
    'Unhandled: boom',
  ],
  ['a stream without its end', () => [event('PayloadChunk', 'x')], 'without InvokeComplete'],
  [
    'an exception of the service',
    () => [message({ 'message-type': 'exception', 'exception-type': 'Oops' }, 'why')],
    'Oops: why',
  ],
  [
    'an error of the service',
    () => [message({ 'message-type': 'error', 'error-code': '500', 'error-message': 'why' }, '')],
    '500: why',
  ],
  [
    'an answer that is no event stream',
    () => [Buffer.from('{"statusCode":200}')],
    'expected an event stream',
  ],
  ['a message shorter than any', () => [Buffer.alloc(16)], 'a message of 0 bytes'],
  ['a message that was damaged', () => [damaged(event('PayloadChunk', 'x'))], 'checksum'],
])('%s is an error', (_, chunks, said) => {
  expect(() => read(...chunks())).toThrow(said)
})

function damaged(frame: Buffer): Buffer {
  frame[frame.length - 5] = 0
  return frame
}
