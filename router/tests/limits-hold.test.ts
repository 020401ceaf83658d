import { answerWell, neverAnswer, type Outcome, type ReceivedItem } from '@lpr/test-kit'
import { Rig, type RigOptions, targetOf, until, verdict } from './rig.ts'

const rigs: Rig[] = []
async function start(options: RigOptions): Promise<Rig> {
  const rig = await Rig.start(options)
  rigs.push(rig)
  return rig
}
afterEach(async () => {
  for (const rig of rigs.splice(0)) await rig.stop()
})

const pathsOf = (prefix: string, count: number): string[] =>
  Array.from({ length: count }, (_, index) => `${prefix}/${index + 1}`)
const idsOf = ({ items }: { items: ReceivedItem[] }): string[] =>
  items.map(({ pathParameters }) => pathParameters?.id ?? '')

function expectRefused(outcome: Outcome | undefined, code: string): void {
  expect(outcome && verdict(outcome)).toBe(code)
  expect(outcome?.status).toBe(429)
  expect(outcome?.headers.get('retry-after')).toEqual(['1'])
}

/** Answers every invocation, always the oldest, but only while as many are under way as there may be. */
async function answerAtTheLimit(rig: Rig, invocations: number, limit: number): Promise<void> {
  for (let number = 1; number <= invocations; number++) {
    await rig.lambda.call(Math.min(invocations, number + limit - 1))
    expect(rig.lambda.inflight).toBe(Math.min(limit, invocations - number + 1))
    await answerWell(await rig.lambda.call(number))
  }
}

test('More requests than MaxInflightRequests are refused, and taken again when others are done', async () => {
  const rig = await start({ config: { MaxInflightRequests: 2 } })
  const begun = await rig.begin('/b/1', '/b/2')
  expectRefused((await rig.send('/b/3'))[0], 'too_many_requests')
  rig.clock.advance(1000)
  expect((await Promise.all(begun.map(({ outcome }) => outcome))).map(verdict)).toEqual(['200', '200'])
  await rig.quiet()
  const [again] = await rig.begin('/b/4')
  rig.clock.advance(1000)
  expect(again && verdict(await again.outcome)).toBe('200')
})

test('A request with a short body that is refused for overload keeps its connection, one with a long body does not', async () => {
  const rig = await start({ config: { MaxInflightRequests: 1 } })
  const [begun] = await rig.begin('/b/1')
  const connection = await rig.connect()
  const post = (bytes: number) => ({ method: 'POST', path: '/b/2', body: Buffer.alloc(bytes, 'x') })
  for (const bytes of [1000, 60_000, 1000])
    expectRefused(await connection.request(post(bytes)), 'too_many_requests')
  expect(connection.usable).toBe(true)
  const refused = await connection.request(post(100_000))
  expectRefused(refused, 'too_many_requests')
  expect(refused.headers.get('connection')).toEqual(['close'])
  rig.clock.advance(1000)
  expect(begun && verdict(await begun.outcome)).toBe('200')
})

test('More waiting requests of one key than maxQueueDepth are refused, those of other keys are not', async () => {
  const rig = await start({ lpr: { maxQueueDepth: 3, key: ['query:tenant'] } })
  const begun = await rig.begin(...pathsOf('/b', 3).map((path) => `${path}?tenant=a`))
  expectRefused((await rig.send('/b/4?tenant=a'))[0], 'queue_full')
  begun.push(...(await rig.begin('/b/5?tenant=b')))
  rig.clock.advance(1000)
  expect((await Promise.all(begun.map(({ outcome }) => outcome))).map(verdict)).toEqual(Array(4).fill('200'))
  await rig.quiet()
})

test('More waiting invocations than MaxPendingInvocations are refused', async () => {
  const rig = await start({
    config: { MaxInflightInvocations: 1, MaxPendingInvocations: 2 },
    lpr: { maxBatchSize: 1 },
  })
  rig.lambda.behaviour = neverAnswer
  const begun = [...(await rig.begin('/b/1')), ...(await rig.begin('/b/2')), ...(await rig.begin('/s/3'))]
  expectRefused((await rig.send('/b/4'))[0], 'router_overloaded')
  expectRefused((await rig.send('/s/5'))[0], 'router_overloaded')
  for (const number of [1, 2, 3]) await answerWell(await rig.lambda.call(number))
  expect((await Promise.all(begun.map(({ outcome }) => outcome))).map(verdict)).toEqual(['200', '200', '200'])
  await rig.quiet()
})

test.each(['/b', '/s'])('MaxInflightInvocations holds exactly for %s', async (prefix) => {
  const paths = {
    [`${prefix}/{id}`]: { get: { invokeMode: prefix === '/b' ? 'buffered' : 'response_stream' } },
  }
  const rig = await start({ config: { MaxInflightInvocations: 3 }, lpr: { maxBatchSize: 1 }, paths })
  rig.lambda.behaviour = neverAnswer
  const begun = await rig.begin(...pathsOf(prefix, 40))
  await answerAtTheLimit(rig, 40, 3)
  expect((await Promise.all(begun.map(({ outcome }) => outcome))).map(verdict)).toEqual(Array(40).fill('200'))
  expect(rig.lambda.peak).toBe(3)
  await rig.quiet()
})

test('maxInflightInvocations holds exactly for its route, and MaxInflightInvocations for all', async () => {
  const rig = await start({
    config: { MaxInflightInvocations: 6 },
    lpr: { maxBatchSize: 1 },
    paths: {
      '/a/{id}': { get: { maxInflightInvocations: 2 } },
      '/b/{id}': { get: {} },
      '/c/{id}': { get: {} },
    },
  })
  rig.lambda.behaviour = neverAnswer
  const requests = ['/a', '/b', '/c'].flatMap((prefix) => pathsOf(prefix, 20))
  const begun = await rig.begin(...requests)
  await rig.lambda.call(6)
  expect(rig.router.figures).toMatchObject({ inflightInvocations: 6, pendingInvocations: 54 })
  for (let number = 1; number <= requests.length; number++) await answerWell(await rig.lambda.call(number))
  expect((await Promise.all(begun.map(({ outcome }) => outcome))).map(verdict)).toEqual(
    requests.map(() => '200'),
  )
  expect(rig.lambda.peakOf(targetOf('/a/'))).toBe(2)
  expect(rig.lambda.peak).toBe(6)
  await rig.quiet()
})

test('A route that waits is served although another has filled the queue before it', async () => {
  const rig = await start({ config: { MaxInflightInvocations: 2 }, lpr: { maxBatchSize: 1 } })
  rig.lambda.behaviour = neverAnswer
  const greedy = await rig.begin(...pathsOf('/b', 20))
  const [late] = await rig.begin('/s/late')
  const number = await numberOf(rig, 'late')
  expect(number).toBeLessThanOrEqual(2)
  await answerWell(await rig.lambda.call(number))
  expect(late && verdict(await late.outcome)).toBe('200')
  for (const { connection } of greedy) connection.reset()
  await rig.quiet()
})

test('Work that waits for its route stays batchable, and is invoked at once when it may be', async () => {
  const rig = await start({ lpr: { maxInflightInvocations: 1, maxWaitMs: 0 } })
  rig.lambda.next(neverAnswer)
  const begun = await rig.begin('/b/1')
  const first = await rig.lambda.call(1)
  for (const path of ['/b/2', '/b/3', '/b/4', '/b/5', '/b/6']) begun.push(...(await rig.begin(path)))
  await answerWell(first)
  await Promise.all(begun.map(({ outcome }) => outcome))
  expect(rig.lambda.calls.map(idsOf)).toEqual([['1'], ['2', '3', '4', '5'], ['6']])
  await rig.quiet()
})

test('A batch that is full by its bytes is flushed, and the next one takes every later request', async () => {
  const rig = await start({ config: { MaxInvokePayloadBytes: 3500 } })
  const begun = []
  for (const id of ['1', '2', '3', '4', '5']) {
    begun.push(...(await rig.begin({ method: 'POST', path: `/b/${id}`, body: id.repeat(1000) })))
  }
  expect(rig.router.figures.batchKeys).toBe(1)
  rig.clock.advance(1000)
  await Promise.all(begun.map(({ outcome }) => outcome))
  expect(rig.lambda.calls.map(idsOf)).toEqual([['1', '2'], ['3', '4'], ['5']])
  await rig.quiet()
})

test('An item that no invocation can carry is refused, its neighbours are not', async () => {
  const rig = await start({ config: { MaxInvokePayloadBytes: 3500 } })
  const begun = await rig.begin('/b/1')
  const [large] = await rig.send({ method: 'POST', path: '/b/2', body: 'x'.repeat(3400) })
  expect(large && verdict(large)).toBe('body_too_large')
  rig.clock.advance(1000)
  expect((await Promise.all(begun.map(({ outcome }) => outcome))).map(verdict)).toEqual(['200'])
  await rig.quiet()
})

/** Number of the invocation that carries this item. */
async function numberOf(rig: Rig, id: string): Promise<number> {
  let index = -1
  await until(() => {
    index = rig.lambda.calls.findIndex((call) => idsOf(call).includes(id))
    return index >= 0
  })
  return index + 1
}
