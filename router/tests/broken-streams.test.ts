import {
  answerInterleaved,
  type Behaviour,
  breakStream,
  type Call,
  chunk,
  cutStream,
  end,
  event,
  goodBody,
  head,
  invokeComplete,
  lines,
  type Outcome,
  payloadChunk,
  type ReceivedItem,
  whole,
} from '@lpr/test-kit'
import { Rig, until, verdict } from './rig.ts'

const IDS = ['1', '2', '3', '4']
const PATHS = IDS.map((id) => `/s/${id}`)
const CRASH = { ErrorCode: 'Unhandled', ErrorDetails: 'crash' }

/** Begins every answer, finishes those of 1 and 3, and gives 2 and 4 no end. */
function half(call: Call): string {
  const [one, two, three, four] = IDS.map((id) => call.item(id)) as [
    ReceivedItem,
    ReceivedItem,
    ReceivedItem,
    ReceivedItem,
  ]
  return lines(
    ...[one, two, three, four].map((item) => head(item)),
    ...[one, two, three, four].map((item) => chunk(item, goodBody(item.rawPath))),
    end(one),
    end(three),
  )
}

function halfThen(last: (call: Call) => void): Behaviour {
  return (call) => {
    call.send(half(call))
    last(call)
  }
}

/** After `half`: something that spoils item 2 and ends 4 well. */
function thenForTwo(record: (item: ReceivedItem) => unknown): Behaviour {
  return (call) => {
    call.send(half(call))
    call.send(lines(record(call.item('2')), end(call.item('4'))))
    call.complete()
  }
}

let rig: Rig
beforeAll(async () => {
  rig = await Rig.start({ config: { StreamIdleTimeoutMs: 3000, MaxStreamBufferBytes: 65_536 } })
})
afterEach(async () => {
  await rig.quiet()
  rig.forget()
})
afterAll(() => rig.stop())

describe('After the head a response that cannot be finished is reset, never cut in silence, when', () => {
  test.each<[string, Behaviour]>([
    ['the stream ends well without its end', halfThen((call) => call.complete())],
    ['the function fails', halfThen((call) => call.complete(CRASH))],
    ['the stream ends without its last frame', halfThen((call) => call.finish())],
    ['the connection to Lambda is closed', halfThen((call) => call.hangUp())],
    ['a checksum is wrong', breakStream('crc', half)],
    ['an exception comes', breakStream('exception', half)],
    ['bytes come that are no frame', breakStream('rubbish', half)],
  ])('%s', async (_name, behaviour) => {
    rig.lambda.behaviour = behaviour
    expect((await rig.send(...PATHS)).map(verdict)).toEqual(['200', 'reset', '200', 'reset'])
    await rig.quiet()
    expect(rig.requestsEnded.filter(({ outcome }) => outcome === 'reset')).toHaveLength(2)
  })

  test.each<[string, (item: ReceivedItem) => unknown]>([
    ['an error record comes', (item) => event(item, 'error', { message: 'gave up' })],
    ['a chunk is not base64', (item) => event(item, 'chunk', { body: 'ä', isBase64Encoded: true })],
    ['a chunk is a number', (item) => event(item, 'chunk', { body: 5 })],
    ['a whole response comes', (item) => whole(item)],
    ['a record has another version', (item) => ({ ...end(item), v: 2 })],
  ])('%s for it alone', async (_name, record) => {
    rig.lambda.behaviour = thenForTwo(record)
    expect((await rig.send(...PATHS)).map(verdict)).toEqual(['200', 'reset', '200', '200'])
  })

  test('the stream falls silent', async () => {
    rig.lambda.behaviour = (call) => call.send(half(call))
    const begun = await rig.begin(...PATHS)
    await Promise.all(begun.map(({ head }) => head))
    await until(() => rig.requestsEnded.length === 2)
    rig.clock.advance(3000)
    const outcomes = await Promise.all(begun.map(({ outcome }) => outcome))
    expect(outcomes.map(verdict)).toEqual(['200', 'reset', '200', 'reset'])
    const call = await rig.lambda.call(1)
    await call.over
    expect(call.aborted).toBe(true)
  })
})

test.each([
  ['an unknown type', (item: ReceivedItem) => event(item, 'progress', { percent: 50 })],
  ['a type that is null', (item: ReceivedItem) => event(item, null)],
  ['a second head', (item: ReceivedItem) => head(item, { statusCode: 500 })],
  ['an empty chunk', (item: ReceivedItem) => event(item, 'chunk', { body: null })],
])('A record with %s does no harm', async (_name, record) => {
  rig.lambda.behaviour = (call) => {
    call.send(half(call))
    for (const id of ['2', '4'])
      call.send(lines(record(call.item(id)), end(call.item(id)), record(call.item(id))))
    call.complete()
  }
  const outcomes = await rig.send(...PATHS)
  expect(outcomes.map(verdict)).toEqual(['200', '200', '200', '200'])
  for (const [index, { body }] of outcomes.entries())
    expect(body.toString()).toBe(goodBody(`/s/${index + 1}`))
})

test('Wherever a stream of whole records is cut, each request has its whole answer or a 502', async () => {
  const length = await lengthOf((call) => lines(...call.items.map((item) => whole(item))))
  for (let bytes = 0; bytes <= length; bytes += 41) {
    rig.lambda.behaviour = (call) => cutStream(call, lines(...call.items.map((item) => whole(item))), bytes)
    for (const [index, outcome] of (await rig.send(...PATHS)).entries()) {
      expect(['200', 'invoke_failed']).toContain(verdict(outcome))
      if (outcome.status === 200) expect(outcome.body.toString()).toBe(goodBody(`/s/${index + 1}`))
    }
    await rig.quiet()
    rig.forget()
  }
})

test('Wherever interleaved records are cut, each request has its whole answer, a 502 or a reset', async () => {
  const text = (call: Call): string =>
    lines(...call.items.map((item) => head(item)), ...call.items.map((item) => chunk(item, 'x'))) +
    lines(...call.items.map((item) => end(item)))
  const seen = new Set<string>()
  for (let line = 0; line < 12; line++) {
    rig.lambda.behaviour = (call) => {
      const all = text(call).split('\n')
      for (const part of all.slice(0, line)) call.raw(payloadChunk(`${part}\n`))
      call.raw(payloadChunk(all[line] ?? '').subarray(0, 20 + line * 5))
      call.hangUp()
    }
    const begun = await rig.begin(...PATHS)
    const outcomes = await Promise.all(begun.map(({ outcome }) => outcome))
    for (const outcome of outcomes) {
      seen.add(verdict(outcome))
      if (outcome.kind === 'response' && outcome.status === 200) expect(outcome.body.toString()).toBe('x')
    }
    await rig.quiet()
    rig.forget()
  }
  expect([...seen].sort()).toEqual(['200', 'invoke_failed', 'reset'])
})

test('A head and a first chunk reach the client while the function still works', async () => {
  rig.lambda.behaviour = (call) => call.send(lines(head(call.item('1')), chunk(call.item('1'), 'first')))
  const [first] = await rig.begin(...PATHS)
  await first?.head
  await until(() => first?.connection.partial.body.toString() === 'first')
  const call = await rig.lambda.call(1)
  call.send(lines(end(call.item('1')), ...['2', '3', '4'].map((id) => whole(call.item(id)))))
  call.complete()
  expect((await first?.outcome)?.body.toString()).toBe('first')
})

test('A stream may go on for longer than timeoutMs, which ends with the head', async () => {
  rig.lambda.behaviour = (call) => call.send(lines(...call.items.map((item) => head(item))))
  const begun = await rig.begin(...PATHS)
  await Promise.all(begun.map(({ head }) => head))
  const call = await rig.lambda.call(1)
  for (let passedMs = 0; passedMs < 20_000; passedMs += 2000) {
    rig.clock.advance(2000)
    for (const item of call.items) call.send(lines(chunk(item, '.')))
    const length = passedMs / 2000 + 1
    await until(() => begun.every(({ connection }) => connection.partial.body.length === length))
  }
  call.send(lines(...call.items.map((item) => end(item))))
  call.complete()
  const outcomes = await Promise.all(begun.map(({ outcome }) => outcome))
  expect(outcomes.map(({ kind, body }) => [kind, body.length])).toEqual(IDS.map(() => ['response', 10]))
})

test('A chunk larger than the stream buffer reaches a client that keeps up', async () => {
  const large = 'y'.repeat(8 * 1024 * 1024)
  rig.lambda.behaviour = (call) => {
    for (const item of call.items) call.send(lines(head(item), chunk(item, large), end(item)))
    call.complete()
  }
  const outcomes: Outcome[] = await rig.send(...PATHS)
  expect(outcomes.map(({ kind, body }) => [kind, body.length])).toEqual(
    IDS.map(() => ['response', large.length]),
  )
})

test('A function that sends on after the last answer is cut off, however often it sends', async () => {
  rig.lambda.behaviour = (call) => {
    for (const item of call.items) call.send(lines(whole(item)))
  }
  expect((await rig.send(...PATHS)).map(verdict)).toEqual(['200', '200', '200', '200'])
  const call = await rig.lambda.call(1)
  while (rig.router.figures.inflightInvocations > 0) {
    call.send('\n')
    await new Promise(setImmediate)
    rig.clock.advance(100)
  }
  await call.over
  expect(call.aborted).toBe(true)
})

test('Answers interleave record by record and stay apart', async () => {
  rig.lambda.behaviour = answerInterleaved
  const outcomes = await rig.send(...PATHS)
  expect(outcomes.map(({ body }) => body.toString())).toEqual(PATHS.map(goodBody))
})

/** Bytes that the good answer to the four requests takes on the wire. */
async function lengthOf(text: (call: Call) => string): Promise<number> {
  let length = 0
  rig.lambda.behaviour = (call) => {
    length = payloadChunk(text(call)).length + invokeComplete().length
    cutStream(call, text(call), length)
  }
  await rig.send(...PATHS)
  await rig.quiet()
  rig.forget()
  return length
}
