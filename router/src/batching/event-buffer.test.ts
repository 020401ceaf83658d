import { EventBuffer, eventBytes, onePiece, type PlacedEvent } from './event-buffer.ts'

const HEAD = '{"batch":['
const TAIL = ']}'

function filled(texts: string[], expected = 0) {
  const buffer = new EventBuffer(HEAD.length + 3, expected)
  const events = texts.map((text): PlacedEvent => {
    const event = { offset: 0, bytes: Buffer.byteLength(text) }
    buffer.append(event, onePiece(text))
    return event
  })
  const read = (left: PlacedEvent[] = events) => Buffer.from(buffer.document(HEAD, left, TAIL)).toString()
  return { buffer, events, read }
}

test.each([0, 10, 1000])(
  'events stand behind each other, whatever room was expected for them (%i bytes)',
  (expected) => {
    const { read } = filled(['{"a":1}', '{}', `"${'x'.repeat(200)}"`], expected)
    expect(read()).toBe(`{"batch":[{"a":1},{},"${'x'.repeat(200)}"]}`)
  },
)

test('a document does not hold the room that was expected for a longer one', () => {
  const { buffer, events } = filled(['"one"'], 60_000)
  expect(buffer.document(HEAD, events, TAIL).buffer.byteLength).toBeLessThanOrEqual(Buffer.poolSize)
})

test('text beyond ASCII keeps its bytes', () => {
  expect(filled(['"é€"', '"😀"', '"a"']).read()).toBe('{"batch":["é€","😀","a"]}')
})

test('an event whose body is bytes stands there like any other', () => {
  const { buffer, events, read } = filled(['"one"'])
  for (const head of ['{"to":"you","body":"', '{"to":"é€","body":"']) {
    const json = { head, body: Buffer.from('h\\u0000é'), tail: '"}' }
    const event = { offset: 0, bytes: eventBytes(json) }
    buffer.append(event, json)
    events.push(event)
  }
  expect(read()).toBe('{"batch":["one",{"to":"you","body":"h\\u0000é"},{"to":"é€","body":"h\\u0000é"}]}')
})

test('what has left is not in the document', () => {
  for (const [left, text] of [
    [[0, 2], '"one","three"'],
    [[1, 2], '"two","three"'],
    [[2], '"three"'],
    [[0, 1], '"one","two"'],
  ] as const) {
    const { events, read } = filled(['"one"', '"two"', '"three"'])
    expect(read(left.map((index) => events[index] as PlacedEvent))).toBe(`{"batch":[${text}]}`)
  }
})

test('a document is not touched by the next one, which has fewer events', () => {
  const { buffer, events } = filled(['"one"', '"two"', '"three"'])
  const first = buffer.document(HEAD, events, TAIL)
  const second = buffer.document('["again",', events.slice(1), ']')
  expect(Buffer.from(first).toString()).toBe('{"batch":["one","two","three"]}')
  expect(Buffer.from(second).toString()).toBe('["again","two","three"]')
})

test('an event that comes after a document was given away is in the next one only', () => {
  const { buffer, events } = filled(['"one"'])
  const first = buffer.document(HEAD, events, TAIL)
  const late = { offset: 0, bytes: 6 }
  buffer.append(late, onePiece('"late"'))
  expect(Buffer.from(first).toString()).toBe('{"batch":["one"]}')
  expect(Buffer.from(buffer.document(HEAD, [...events, late], TAIL)).toString()).toBe(
    '{"batch":["one","late"]}',
  )
})

test('another buffer takes events over, also from a document that was given away', () => {
  const { buffer, events, read } = filled(['"one"', '"two"', '"three"'])
  const before = read()
  const half = new EventBuffer(HEAD.length, 0)
  for (const event of events.slice(1)) half.adopt(event, buffer)
  expect(Buffer.from(half.document(HEAD, events.slice(1), TAIL)).toString()).toBe('{"batch":["two","three"]}')
  expect(before).toBe('{"batch":["one","two","three"]}')
})
