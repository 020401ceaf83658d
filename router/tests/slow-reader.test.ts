import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import { type Call, chunk, end, goodBody, head, lines } from '@lpr/test-kit'
import { Rig, until, verdict } from './rig.ts'

const IDS = Array.from({ length: 16 }, (_, index) => String(index + 1))
const PATHS = IDS.map((id) => `/s/${id}`)
/** More than the kernel holds for a socket, so that the router is left with the rest. */
const BACKLOG_BYTES = 32 * 1024 * 1024
const CHUNK = 'x'.repeat(256 * 1024)

async function startWith(maxStreamBufferBytes: number) {
  const rig = await Rig.start({
    config: { MaxStreamBufferBytes: maxStreamBufferBytes },
    lpr: { maxBatchSize: IDS.length },
  })
  rig.lambda.behaviour = (call) => call.send(lines(...call.items.map((item) => head(item))))
  const begun = await rig.begin(...PATHS)
  await Promise.all(begun.map(({ head }) => head))
  const [slow, ...others] = begun
  if (slow === undefined) throw new Error('no request')
  slow.connection.pause()
  return { rig, slow, others, call: await rig.lambda.call(1) }
}

/** Bytes of V8's heap that are alive. */
function heapBytes(): number {
  setFlagsFromString('--expose-gc')
  const collect = runInNewContext('gc') as () => void
  collect()
  return process.memoryUsage().heapUsed
}

function answerOthers(call: Call): void {
  for (const item of call.items) {
    if (item.pathParameters?.id !== '1') call.send(lines(chunk(item, goodBody(item.rawPath)), end(item)))
  }
}

test('One slow reader delays no other request of its batch, and gets everything when it reads on', async () => {
  const { rig, slow, others, call } = await startWith(2 * BACKLOG_BYTES)
  const heapBefore = heapBytes()
  for (let sent = 0; sent < BACKLOG_BYTES; sent += CHUNK.length)
    call.send(lines(chunk(call.item('1'), CHUNK)))
  call.send(lines(end(call.item('1'))))
  answerOthers(call)
  call.complete()
  // Nothing but these answers moves the test on, and they come after the whole backlog in the stream.
  const outcomes = await Promise.all(others.map(({ outcome }) => outcome))
  expect(outcomes.map(({ body }) => body.toString())).toEqual(PATHS.slice(1).map(goodBody))
  await until(() => rig.router.figures.inflightInvocations === 0)
  expect(rig.router.figures.inflightRequests).toBe(1)
  // V8's heap has a limit of its own, and slow readers are not to fill it.
  expect(heapBytes() - heapBefore).toBeLessThan(BACKLOG_BYTES / 4)
  slow.connection.resume()
  const { kind, body } = await slow.outcome
  expect([kind, body.length]).toEqual(['response', BACKLOG_BYTES])
  await rig.quiet()
  await rig.stop()
})

test('A reader that falls behind by more than MaxStreamBufferBytes is reset, and it alone', async () => {
  const { rig, slow, others, call } = await startWith(1024 * 1024)
  while (rig.requestsEnded.length === 0) {
    call.send(lines(chunk(call.item('1'), CHUNK)))
    await new Promise(setImmediate)
  }
  answerOthers(call)
  call.complete()
  slow.connection.resume()
  const outcomes = await Promise.all([slow, ...others].map(({ outcome }) => outcome))
  expect(outcomes.map(verdict)).toEqual(['reset', ...others.map(() => '200')])
  await rig.quiet()
  expect(rig.requestsEnded.filter(({ outcome }) => outcome === 'reset')).toHaveLength(1)
  expect(rig.requestsEnded.filter(({ outcome }) => outcome === 'sent')).toHaveLength(others.length)
  await rig.stop()
})
