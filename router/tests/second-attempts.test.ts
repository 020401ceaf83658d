import {
  answerWell,
  type Behaviour,
  functionError,
  lines,
  neverAnswer,
  type ReceivedItem,
  refuse,
  resetConnection,
  throttle,
  whole,
} from '@lpr/test-kit'
import { Rig, type RigOptions, until, verdict } from './rig.ts'

const rigs: Rig[] = []
async function start(retry: Record<string, unknown>, options: RigOptions = {}): Promise<Rig> {
  const rig = await Rig.start({
    paths: {
      '/b/{id}': { get: {} },
      '/s/{id}': { get: { invokeMode: 'response_stream' } },
    },
    ...options,
    lpr: { ...retry, ...options.lpr },
  })
  rigs.push(rig)
  return rig
}
afterEach(async () => {
  for (const rig of rigs.splice(0)) await rig.stop()
})

const ALL = { retry: { maxAttempts: 3, on: ['throttle', 'transport', 'function_error'] } }
const GENEROUS = { config: { RetryBudgetPercent: 100 } }
const IDS = ['1', '2', '3', '4']
const idsOf = ({ items }: { items: ReceivedItem[] }): string[] =>
  items.map(({ pathParameters }) => pathParameters?.id ?? '').sort()

/** Sends four requests; lets every backoff pass at once. */
async function send(rig: Rig, prefix: string): Promise<string[]> {
  const begun = await rig.begin(...IDS.map((id) => `${prefix}/${id}`))
  let answered = false
  const outcomes = Promise.all(begun.map(({ outcome }) => outcome)).then((all) => {
    answered = true
    return all.map(verdict)
  })
  await until(() => {
    rig.clock.advance(0)
    return answered
  })
  await rig.quiet()
  return outcomes
}

describe.each(['/b', '/s'])('A failed invocation of %s', (prefix) => {
  test.each<[string, Behaviour]>([
    ['was throttled', throttle],
    ['lost its connection', resetConnection],
    ['failed', functionError],
  ])('that %s is tried again, with the same items', async (_name, failing) => {
    const rig = await start(ALL, GENEROUS)
    rig.lambda.next(failing, failing)
    expect(await send(rig, prefix)).toEqual(Array(4).fill('200'))
    expect(rig.lambda.calls.map(idsOf)).toEqual([IDS, IDS, IDS])
    expect(rig.retries).toHaveLength(2)
  })

  test('is not tried more often than maxAttempts', async () => {
    const rig = await start(ALL, GENEROUS)
    rig.lambda.behaviour = throttle
    expect(await send(rig, prefix)).toEqual(Array(4).fill('function_throttled'))
    expect(rig.lambda.calls).toHaveLength(3)
  })

  test('is not tried again for a reason that the route does not list', async () => {
    const rig = await start({ retry: { maxAttempts: 3, on: ['throttle'] } }, GENEROUS)
    rig.lambda.behaviour = functionError
    expect(await send(rig, prefix)).toEqual(Array(4).fill('function_error'))
    expect(rig.lambda.calls).toHaveLength(1)
  })

  test('is not tried again when Lambda will refuse it again', async () => {
    const rig = await start(ALL, GENEROUS)
    rig.lambda.behaviour = refuse(403, 'AccessDeniedException')
    expect(await send(rig, prefix)).toEqual(Array(4).fill('invoke_failed'))
    expect(rig.lambda.calls).toHaveLength(1)
  })

  test('is tried again without the clients that have left meanwhile', async () => {
    const rig = await start(ALL, { ...GENEROUS, random: () => 0.9 })
    rig.lambda.next(throttle)
    const begun = await rig.begin(...IDS.map((id) => `${prefix}/${id}`))
    await until(() => rig.retries.length === 1)
    begun[0]?.connection.reset()
    await until(() => rig.router.figures.inflightRequests === 3)
    rig.clock.advance(50)
    const outcomes = await Promise.all(begun.map(({ outcome }) => outcome))
    expect(outcomes.map(verdict)).toEqual(['closed', '200', '200', '200'])
    expect(rig.lambda.calls.map(idsOf)).toEqual([IDS, ['2', '3', '4']])
    await rig.quiet()
  })

  test('is not tried again when every client has left, and its permit is free at once', async () => {
    const rig = await start(ALL, { ...GENEROUS, random: () => 0.9 })
    rig.lambda.next(throttle)
    const begun = await rig.begin(...IDS.map((id) => `${prefix}/${id}`))
    await until(() => rig.retries.length === 1)
    for (const { connection } of begun) connection.reset()
    await rig.quiet()
    expect(rig.lambda.calls).toHaveLength(1)
  })

  test('can still be abandoned in its second attempt', async () => {
    const rig = await start(ALL, GENEROUS)
    rig.lambda.next(throttle, neverAnswer)
    const begun = await rig.begin(...IDS.map((id) => `${prefix}/${id}`))
    await until(() => rig.retries.length === 1)
    rig.clock.advance(0)
    const call = await rig.lambda.call(2)
    for (const { connection } of begun) connection.reset()
    await call.over
    expect(call.aborted).toBe(true)
    await rig.quiet()
  })
})

test('No attempt is begun that could not end within the deadline', async () => {
  const rig = await start(ALL, { ...GENEROUS, random: () => 0.9, lpr: { timeoutMs: 1040 } })
  rig.lambda.behaviour = throttle
  const begun = await rig.begin('/b/1')
  rig.clock.advance(1000)
  expect((await Promise.all(begun.map(({ outcome }) => outcome))).map(verdict)).toEqual([
    'function_throttled',
  ])
  expect(rig.lambda.calls).toHaveLength(1)
  await rig.quiet()
})

test('Nothing is tried again once a record has been delivered', async () => {
  const rig = await start(ALL, GENEROUS)
  rig.lambda.next((call) => {
    call.send(lines(whole(call.item('1'))))
    call.complete({ ErrorCode: 'Unhandled', ErrorDetails: 'crash' })
  })
  expect(await send(rig, '/s')).toEqual(['200', 'function_error', 'function_error', 'function_error'])
  expect(rig.lambda.calls).toHaveLength(1)
})

test('Retries stay within their share of the invocations', async () => {
  const rig = await start(ALL, { config: { RetryBudgetPercent: 20 } })
  rig.lambda.behaviour = throttle
  for (let round = 0; round < 20; round++) await send(rig, '/b')
  const retries = rig.retries.length
  expect(rig.lambda.calls).toHaveLength(20 + retries)
  expect(retries).toBe(Math.ceil((20 + retries - 1) * 0.2))
})

describe.each(['/b', '/s'])('With bisectBatchOnFunctionError on %s', (prefix) => {
  const poisonous =
    (...ids: string[]): Behaviour =>
    (call) =>
      idsOf(call).some((id) => ids.includes(id)) ? functionError(call) : answerWell(call)

  test('one poisonous request fails alone', async () => {
    const rig = await start({ bisectBatchOnFunctionError: true }, { config: { MaxInflightInvocations: 1 } })
    rig.lambda.behaviour = poisonous('3')
    expect(await send(rig, prefix)).toEqual(['200', '200', 'function_error', '200'])
    expect(rig.lambda.calls.map(({ items }) => items.length)).toEqual([4, 2, 2, 1, 1])
  })

  test('poisonous requests fail, each by itself', async () => {
    const rig = await start({ bisectBatchOnFunctionError: true })
    rig.lambda.behaviour = poisonous(...IDS)
    expect(await send(rig, prefix)).toEqual(Array(4).fill('function_error'))
    expect(rig.lambda.calls).toHaveLength(7)
  })

  test('a failure of the way to the function is not bisected', async () => {
    const rig = await start({ bisectBatchOnFunctionError: true })
    rig.lambda.behaviour = resetConnection
    expect(await send(rig, prefix)).toEqual(Array(4).fill('invoke_failed'))
    expect(rig.lambda.calls).toHaveLength(1)
  })

  test('a client that leaves while its half waits is not invoked', async () => {
    const rig = await start({ bisectBatchOnFunctionError: true }, { config: { MaxInflightInvocations: 1 } })
    rig.lambda.next(functionError, neverAnswer)
    const begun = await rig.begin(...IDS.map((id) => `${prefix}/${id}`))
    const second = await rig.lambda.call(2)
    const waiting = IDS.filter((id) => !idsOf(second).includes(id))
    for (const id of waiting) begun[IDS.indexOf(id)]?.connection.reset()
    await until(() => rig.router.figures.pendingInvocations === 0)
    await answerWell(second)
    const outcomes = await Promise.all(begun.map(({ outcome }) => outcome))
    expect(outcomes.map(verdict)).toEqual(IDS.map((id) => (waiting.includes(id) ? 'closed' : '200')))
    await rig.quiet()
    expect(rig.lambda.calls).toHaveLength(2)
  })
})
