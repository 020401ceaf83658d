import { afterAll, afterEach, beforeAll, expect, test } from '@jest/globals'
import {
  buildNodeRuntime,
  count,
  type Gate,
  makeFunction,
  removeTemporaryFiles,
  startGate,
  startLambda,
  stopLambdas,
  WORKER,
  work,
} from './test-functions.ts'

let gate: Gate
beforeAll(buildNodeRuntime)
beforeAll(async () => {
  gate = await startGate()
})
afterEach(stopLambdas)
afterAll(async () => {
  await gate.close()
  removeTemporaryFiles()
})

test('invocations one after another share an environment', async () => {
  const worker = makeFunction(WORKER)
  const { client, events } = await startLambda([worker])
  for (let n = 1; n <= 5; n += 1) expect(await work(client, worker.name)).toMatchObject({ calls: n })
  expect(count(events, 'environment-started')).toBe(1)
  const started = events.filter((event) => event.type === 'invocation-started')
  expect(started.map(({ coldStart }) => coldStart)).toEqual([true, false, false, false, false])
})

test('invocations at the same time have an environment each, and one at a time', async () => {
  const worker = makeFunction(WORKER)
  const { client, events } = await startLambda([worker])
  const together = [1, 2, 3].map(() => work(client, worker.name, gate.url('three')))
  await gate.arrivals('three', 3)
  gate.release('three')
  const answers = await Promise.all(together)
  expect(new Set(answers.map(({ pid }) => pid)).size).toBe(3)
  expect(answers.map(({ calls }) => calls)).toEqual([1, 1, 1])
  expect(count(events, 'environment-started')).toBe(3)
})

test('of several idle environments the most recently used one is used', async () => {
  const worker = makeFunction(WORKER)
  const { client } = await startLambda([worker])
  const first = work(client, worker.name, gate.url('older'))
  await gate.arrivals('older')
  const second = work(client, worker.name, gate.url('newer'))
  await gate.arrivals('newer')
  gate.release('older')
  await first
  gate.release('newer')
  const { pid } = await second
  expect(await work(client, worker.name)).toMatchObject({ pid, calls: 2 })
  expect(await work(client, worker.name)).toMatchObject({ pid, calls: 3 })
})

test('beyond the reserved concurrency an invocation is throttled', async () => {
  const worker = makeFunction(WORKER, { reservedConcurrency: 1 })
  const { client, events } = await startLambda([worker])
  const held = work(client, worker.name, gate.url('reserved'))
  await gate.arrivals('reserved')
  await expect(work(client, worker.name)).rejects.toMatchObject({
    name: 'TooManyRequestsException',
    Reason: 'ReservedFunctionConcurrentInvocationLimitExceeded',
    retryAfterSeconds: '1',
    $metadata: { httpStatusCode: 429 },
  })
  expect(count(events, 'invocation-refused')).toBe(1)
  gate.release('reserved')
  await held
  expect(await work(client, worker.name)).toMatchObject({ calls: 2 })
})

test('a reserved concurrency of zero throttles everything', async () => {
  const worker = makeFunction(WORKER, { reservedConcurrency: 0 })
  const { client, events } = await startLambda([worker])
  await expect(work(client, worker.name)).rejects.toMatchObject({ name: 'TooManyRequestsException' })
  expect(count(events, 'environment-started')).toBe(0)
})

test('beyond the number of environments an invocation waits for one', async () => {
  const worker = makeFunction(WORKER)
  const { client, events } = await startLambda([worker], { maxEnvironments: 1 })
  const first = work(client, worker.name, gate.url('only'))
  await gate.arrivals('only')
  const second = work(client, worker.name)
  gate.release('only')
  expect([await first, await second]).toMatchObject([{ calls: 1 }, { calls: 2 }])
  expect(count(events, 'environment-started')).toBe(1)
})

test('an invocation that waits for longer than the timeout is throttled', async () => {
  const endless = makeFunction('await new Promise((resolve) => setTimeout(resolve, 3_600_000))', {
    timeoutMs: 200,
  })
  const { client, events, lambda } = await startLambda([endless], { maxEnvironments: 1 })
  // Holds the only environment for as long as initialisation may take, ten seconds more than the timeout.
  const first = expect(work(client, endless.name)).rejects.toMatchObject({ name: 'ServiceException' })
  await expect(work(client, endless.name)).rejects.toMatchObject({
    name: 'TooManyRequestsException',
    Reason: 'ConcurrentInvocationLimitExceeded',
  })
  expect(events.at(-1)).toMatchObject({
    type: 'invocation-refused',
    errorType: 'TooManyRequestsException',
  })
  await Promise.all([first, lambda.stop()])
})

test('an environment that crashed makes room for the invocation that waits', async () => {
  const crashing = makeFunction(
    'export const handler = async (event) => { if (event.gate) { await fetch(event.gate); process.exit(1) } return 1 }',
  )
  const { client } = await startLambda([crashing], { maxEnvironments: 1 })
  const first = work(client, crashing.name, gate.url('crash'))
  await gate.arrivals('crash')
  const second = work(client, crashing.name)
  gate.release('crash')
  expect(await first).toMatchObject({ errorType: 'Runtime.ExitError' })
  expect(await second).toBe(1)
})

test('an environment that ends while it is idle is not used again', async () => {
  const source = `let done
    export const handler = async (event) => { setImmediate(() => fetch(event.gate).then(() => process.exit(0))); return process.pid }`
  const leaving = makeFunction(source)
  let ended: () => void = () => undefined
  const end = new Promise<void>((resolve) => {
    ended = resolve
  })
  const { client } = await startLambda([leaving], {
    onEvent: ({ type }) => type === 'environment-ended' && ended(),
  })
  const first = await work(client, leaving.name, gate.url('leaving'))
  gate.release('leaving')
  await end
  expect(await work(client, leaving.name, gate.url('leaving'))).not.toBe(first)
})
