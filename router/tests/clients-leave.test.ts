import { answerWell, chunk, goodBody, head, lines, neverAnswer, whole } from '@lpr/test-kit'
import { Rig, until, verdict } from './rig.ts'

let rig: Rig
beforeAll(async () => {
  rig = await Rig.start({
    config: { MaxInflightInvocations: 1 },
    paths: {
      '/b/{id}': { get: {}, post: {} },
      '/s/{id}': { get: { invokeMode: 'response_stream' } },
      '/hasty/{id}': { get: { timeoutMs: 2000 } },
    },
  })
})
afterEach(async () => {
  await rig.quiet()
  rig.forget()
})
afterAll(() => rig.stop())

const pathsOf = (prefix: string, ...ids: string[]): string[] => ids.map((id) => `${prefix}/${id}`)
const idsOf = (call: { items: { pathParameters?: Record<string, string> }[] }): string[] =>
  call.items.map(({ pathParameters }) => pathParameters?.id ?? '').sort()

describe.each(['/b', '/s'])('A client of %s that goes away', (prefix) => {
  test('before the flush is never invoked, and its neighbours are', async () => {
    const begun = await rig.begin(...pathsOf(prefix, '1', '2', '3'))
    begun[1]?.connection.reset()
    await until(() => rig.router.figures.inflightRequests === 2)
    rig.clock.advance(1000)
    const outcomes = await Promise.all(begun.map(({ outcome }) => outcome))
    expect(outcomes.map(verdict)).toEqual(['200', 'closed', '200'])
    expect(rig.lambda.calls.map(idsOf)).toEqual([['1', '3']])
  })

  test('before the flush leaves nothing behind when it was alone', async () => {
    const begun = await rig.begin(...pathsOf(prefix, '1', '2'))
    for (const { connection } of begun) connection.reset()
    await rig.quiet()
    rig.clock.advance(60_000)
    expect(rig.lambda.calls).toEqual([])
    expect(rig.requestsEnded.map(({ outcome, status }) => [outcome, status])).toEqual([
      ['client_gone', 499],
      ['client_gone', 499],
    ])
  })

  test('after the flush costs its neighbours nothing; its record is dropped', async () => {
    rig.lambda.behaviour = neverAnswer
    const begun = await rig.begin(...pathsOf(prefix, '1', '2', '3', '4'))
    const call = await rig.lambda.call(1)
    begun[1]?.connection.reset()
    await until(() => rig.router.figures.inflightRequests === 3)
    await answerWell(call)
    const outcomes = await Promise.all(begun.map(({ outcome }) => outcome))
    expect(outcomes.map(verdict)).toEqual(['200', 'closed', '200', '200'])
    await rig.quiet()
    expect(rig.invocationsEnded.map(({ outcome, stray }) => [outcome, stray.late])).toEqual([['ok', 1]])
  })

  test('as the last of its batch ends the call and frees its permit; a late answer does no harm', async () => {
    rig.lambda.next(neverAnswer)
    const begun = await rig.begin(...pathsOf(prefix, '1', '2', '3', '4'))
    const call = await rig.lambda.call(1)
    for (const { connection } of begun) connection.reset()
    await call.over
    expect(call.aborted).toBe(true)
    await answerWell(call)
    await rig.quiet()
    expect(rig.invocationsEnded.map(({ outcome }) => outcome)).toEqual(['abandoned'])
    expect((await rig.send(...pathsOf(prefix, '5', '6', '7', '8'))).map(verdict)).toEqual(
      Array(4).fill('200'),
    )
  })

  test('while its batch waits for a permit makes the invocation superfluous', async () => {
    rig.lambda.next(neverAnswer)
    const first = await rig.begin(...pathsOf(prefix, '1', '2', '3', '4'))
    const call = await rig.lambda.call(1)
    const second = await rig.begin(...pathsOf(prefix, '5', '6', '7', '8'))
    expect(rig.router.figures.pendingInvocations).toBe(1)
    for (const { connection } of second) connection.reset()
    await until(() => rig.router.figures.pendingInvocations === 0)
    await answerWell(call)
    expect((await Promise.all(first.map(({ outcome }) => outcome))).map(verdict)).toEqual(
      Array(4).fill('200'),
    )
    await rig.quiet()
    expect(rig.lambda.calls).toHaveLength(1)
  })
})

test('A batch whose every client has timed out while it waited for a permit is not invoked', async () => {
  rig.lambda.next(neverAnswer)
  const first = await rig.begin(...pathsOf('/b', '1', '2', '3', '4'))
  const call = await rig.lambda.call(1)
  const second = await rig.begin(...pathsOf('/hasty', '5', '6', '7', '8'))
  expect(rig.router.figures.pendingInvocations).toBe(1)
  rig.clock.advance(2000)
  expect((await Promise.all(second.map(({ outcome }) => outcome))).map(verdict)).toEqual(
    Array(4).fill('timeout'),
  )
  expect(rig.router.figures.pendingInvocations).toBe(0)
  await answerWell(call)
  expect((await Promise.all(first.map(({ outcome }) => outcome))).map(verdict)).toEqual(Array(4).fill('200'))
  await rig.quiet()
  expect(rig.lambda.calls).toHaveLength(1)
})

test('A client that leaves in the middle of its stream is forgotten, and the others read on', async () => {
  rig.lambda.behaviour = (call) => call.send(lines(...call.items.map((item) => head(item))))
  const begun = await rig.begin(...pathsOf('/s', '1', '2', '3', '4'))
  await Promise.all(begun.map(({ head }) => head))
  begun[0]?.connection.reset()
  await until(() => rig.router.figures.inflightRequests === 3)
  const call = await rig.lambda.call(1)
  for (const item of call.items)
    call.send(
      lines(chunk(item, goodBody(item.rawPath)), { v: 1, id: item.requestContext.requestId, type: 'end' }),
    )
  call.complete()
  const outcomes = await Promise.all(begun.map(({ outcome }) => outcome))
  expect(outcomes.slice(1).map(({ body }) => body.toString())).toEqual(
    pathsOf('/s', '2', '3', '4').map(goodBody),
  )
})

test('When every client has left its stream the call is aborted', async () => {
  rig.lambda.behaviour = (call) => call.send(lines(...call.items.map((item) => head(item))))
  const begun = await rig.begin(...pathsOf('/s', '1', '2', '3', '4'))
  await Promise.all(begun.map(({ head }) => head))
  for (const { connection } of begun) connection.reset()
  const call = await rig.lambda.call(1)
  await call.over
  expect(call.aborted).toBe(true)
})

test('A client that is answered does not keep the call alive for one that has left', async () => {
  rig.lambda.behaviour = (call) => call.send(lines(whole(call.item('1')), head(call.item('2'))))
  const begun = await rig.begin(...pathsOf('/s', '1', '2', '3', '4'))
  await begun[0]?.outcome
  await begun[1]?.head
  for (const { connection } of begun.slice(1)) connection.reset()
  const call = await rig.lambda.call(1)
  await call.over
  expect(call.aborted).toBe(true)
})

test('A client that leaves during its upload was never in a batch', async () => {
  const connection = await rig.connect()
  connection.socket.write('POST /b/1 HTTP/1.1\r\nhost: test\r\ncontent-length: 100\r\n\r\nhalf')
  await until(() => rig.router.figures.inflightRequests === 1)
  connection.reset()
  await rig.quiet()
  expect(rig.lambda.calls).toEqual([])
  expect(rig.requestsEnded.map(({ outcome }) => outcome)).toEqual(['client_gone'])
})
