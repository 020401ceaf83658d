import {
  answerEnvelope,
  answerWell,
  chunk,
  end,
  goodBody,
  head,
  lines,
  neverAnswer,
  whole,
} from '@lpr/test-kit'
import { Rig, until, verdict } from './rig.ts'

const DELAY_MS = 1000
const TIMEOUT_MS = 5000
const config = { ShutdownDelayMs: DELAY_MS, ShutdownTimeoutMs: TIMEOUT_MS }

/** The limit is set only once the delay is over, a few promises later. */
async function advanceToTimeout(): Promise<void> {
  rig.clock.advance(DELAY_MS)
  await new Promise(setImmediate)
  rig.clock.advance(TIMEOUT_MS - DELAY_MS)
}

let rig: Rig
beforeEach(async () => {
  rig = await Rig.start({ config, lpr: { maxWaitMs: 9000 } })
})
afterEach(() => rig.lambda.close())

test('A router that is told to stop is not ready at once, and serves on with Connection: close', async () => {
  const kept = await rig.connect()
  expect(verdict(await kept.request({ path: '/readyz' }))).toBe('200')
  const stopped = rig.router.stop()
  const health = await kept.request({ path: '/readyz' })
  expect([health.status, health.headers.get('connection')]).toEqual([503, ['close']])
  const outcomes = await rig.send('/b/1', '/b/2', '/b/3', '/b/4')
  expect(outcomes.map((outcome) => [verdict(outcome), outcome.headers.get('connection')])).toEqual(
    Array(4).fill(['200', ['close']]),
  )
  rig.clock.advance(DELAY_MS)
  await stopped
})

test('When the delay is over open batches are flushed at once and answered', async () => {
  const begun = await rig.begin('/b/1', '/s/2')
  const stopped = rig.router.stop()
  rig.clock.advance(DELAY_MS)
  expect((await Promise.all(begun.map(({ outcome }) => outcome))).map(verdict)).toEqual(['200', '200'])
  expect(rig.lambda.calls.map(({ event }) => event.meta.flushReason)).toEqual(['drain', 'drain'])
  await stopped
  expect(rig.clock.pending).toBe(0)
})

test('Work in flight is finished, a stream to its last byte', async () => {
  rig.lambda.behaviour = (call) => {
    if (call.streaming) call.send(lines(...call.items.map((item) => head(item))))
  }
  const streams = await rig.begin('/s/1', '/s/2', '/s/3', '/s/4')
  const buffered = await rig.begin('/b/1', '/b/2', '/b/3', '/b/4')
  await Promise.all(streams.map(({ head }) => head))
  const stopped = rig.router.stop()
  rig.clock.advance(DELAY_MS)
  await until(() => rig.lambda.calls.length === 2)
  for (const call of rig.lambda.calls) {
    if (!call.streaming) await answerWell(call)
    else {
      for (const item of call.items) call.send(lines(chunk(item, goodBody(item.rawPath)), end(item)))
      call.complete()
    }
  }
  const outcomes = await Promise.all([...streams, ...buffered].map(({ outcome }) => outcome))
  expect(outcomes.map(({ kind, body }) => `${kind}: ${body}`)).toEqual(
    ['/s', '/b'].flatMap((prefix) =>
      ['1', '2', '3', '4'].map((id) => `response: ${goodBody(`${prefix}/${id}`)}`),
    ),
  )
  await stopped
})

test.each([
  ['has sent nothing yet', ''],
  ['has had its answer', 'GET /healthz HTTP/1.1\r\nhost: test\r\n\r\n'],
])('A connection that %s holds nothing up', async (_name, bytes) => {
  const connection = await rig.connect()
  if (bytes !== '') {
    connection.socket.write(bytes)
    await until(() => rig.requestsEnded.length === 1)
  }
  const stopped = rig.router.stop()
  rig.clock.advance(DELAY_MS)
  await stopped
  await connection.closed
})

test('What is left at ShutdownTimeoutMs is ended: 503 before the head, a reset after it, the calls aborted', async () => {
  rig.lambda.behaviour = (call) => {
    if (call.streaming) call.send(lines(...call.items.map((item) => head(item))))
    else return neverAnswer(call)
  }
  const begun = [
    ...(await rig.begin('/b/1', '/b/2', '/b/3', '/b/4')),
    ...(await rig.begin('/s/1', '/s/2', '/s/3', '/s/4')),
  ]
  await Promise.all(begun.slice(4).map(({ head }) => head))
  await rig.lambda.call(2)
  const stopped = rig.router.stop()
  await advanceToTimeout()
  const outcomes = await Promise.all(begun.map(({ outcome }) => outcome))
  expect(outcomes.map(verdict)).toEqual([...Array(4).fill('shutting_down'), ...Array(4).fill('reset')])
  await stopped
  await Promise.all(rig.lambda.calls.map(({ over }) => over))
  expect(rig.lambda.calls.map(({ aborted }) => aborted)).toEqual([true, true])
  expect(Object.values(rig.router.figures)).toEqual([0, 0, 0, 0])
  expect(rig.clock.pending).toBe(0)
})

test('An answer that its client has not taken yet is sent whole', async () => {
  const large = 'x'.repeat(16 * 1024 * 1024)
  rig.lambda.behaviour = answerEnvelope((item) => whole(item, { body: large }))
  const begun = await rig.begin('/b/1')
  const [slow] = begun
  slow?.connection.pause()
  begun.push(...(await rig.begin('/b/2', '/b/3', '/b/4')))
  await Promise.all(begun.slice(1).map(({ outcome }) => outcome))
  const stopped = rig.router.stop()
  rig.clock.advance(DELAY_MS)
  await new Promise(setImmediate)
  slow?.connection.resume()
  const outcome = await slow?.outcome
  expect([outcome?.kind, outcome?.body.length]).toEqual(['response', large.length])
  await stopped
})

test('An upload that is still under way at ShutdownTimeoutMs is ended too', async () => {
  const connection = await rig.connect()
  connection.socket.write('POST /b/1 HTTP/1.1\r\nhost: test\r\ncontent-length: 100\r\n\r\nhalf')
  await until(() => rig.router.figures.inflightRequests === 1)
  const stopped = rig.router.stop()
  await advanceToTimeout()
  await stopped
  await rig.quiet()
  expect(rig.requestsEnded).toHaveLength(1)
})
