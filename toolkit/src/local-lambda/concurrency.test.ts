import {
  InvokeCommand,
  type InvokeCommandOutput,
  InvokeWithResponseStreamCommand,
  type LambdaClient,
} from '@aws-sdk/client-lambda'
import { afterAll, afterEach, beforeAll, expect, test } from '@jest/globals'
import type { LocalLambdaEvent } from './api.ts'
import {
  buildNodeRuntime,
  type Gate,
  isAlive,
  makeFunction,
  removeTemporaryFiles,
  startGate,
  startLambda,
  stopLambdas,
  writeSources,
} from './test-functions.ts'

/** Tells its process, its number of calls, and waits at a gate when it is given one. */
const WORKER = `
  let calls = 0
  export const handler = async (event) => {
    calls += 1
    const answer = { pid: process.pid, calls }
    if (event.gate) await fetch(event.gate)
    return answer
  }`

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
  const together = [1, 2, 3].map(() => work(client, worker.name, 'three'))
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
  const first = work(client, worker.name, 'older')
  await gate.arrivals('older')
  const second = work(client, worker.name, 'newer')
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
  const held = work(client, worker.name, 'reserved')
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
  const first = work(client, worker.name, 'only')
  await gate.arrivals('only')
  const second = work(client, worker.name)
  gate.release('only')
  expect([await first, await second]).toMatchObject([{ calls: 1 }, { calls: 2 }])
  expect(count(events, 'environment-started')).toBe(1)
})

test('an invocation that waits for longer than the timeout is throttled', async () => {
  const worker = makeFunction(WORKER, { timeoutMs: 2000 })
  const { client } = await startLambda([worker], { maxEnvironments: 1 })
  await work(client, worker.name)
  const [first, second] = await Promise.allSettled([
    work(client, worker.name, 'never'),
    work(client, worker.name),
  ])
  // Both come to their ends at the same time: the first as a timeout, the second without having begun.
  expect(first).toMatchObject({ value: { errorType: 'Sandbox.Timedout' } })
  if (second?.status === 'rejected') {
    expect(second.reason).toMatchObject({
      name: 'TooManyRequestsException',
      Reason: 'ConcurrentInvocationLimitExceeded',
    })
  } else expect(second).toMatchObject({ value: { calls: 1 } })
})

test('an environment that crashed makes room for the invocation that waits', async () => {
  const crashing = makeFunction(
    'export const handler = async (event) => { if (event.gate) { await fetch(event.gate); process.exit(1) } return 1 }',
  )
  const { client } = await startLambda([crashing], { maxEnvironments: 1 })
  const first = work(client, crashing.name, 'crash')
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
  const first = await work(client, leaving.name, 'leaving')
  gate.release('leaving')
  await end
  expect(await work(client, leaving.name, 'leaving')).not.toBe(first)
})

test('update ends idle environments of changed functions and keeps the others', async () => {
  const changing = makeFunction({ 'app.mjs': 'export const handler = async () => "old"' })
  const same = makeFunction(WORKER)
  const { client, lambda, events } = await startLambda([changing, same])
  expect(await work(client, changing.name)).toBe('old')
  await work(client, same.name)
  writeSources(changing.codeDir, { 'app.mjs': 'export const handler = async () => "new"' })
  lambda.update([changing, same], [changing.name])
  expect(await work(client, changing.name)).toBe('new')
  expect(await work(client, same.name)).toMatchObject({ calls: 2 })
  expect(count(events, 'environment-started')).toBe(3)
})

test('update lets busy environments finish, and starts others for what comes', async () => {
  const worker = makeFunction(WORKER)
  const { client, lambda } = await startLambda([worker])
  const held = work(client, worker.name, 'busy')
  await gate.arrivals('busy')
  lambda.update([worker])
  const { pid } = await work(client, worker.name)
  gate.release('busy')
  expect(await held).toMatchObject({ calls: 1 })
  expect(await work(client, worker.name)).toMatchObject({ pid, calls: 2 })
})

test('update takes definitions that differ as changed, adds functions and removes them', async () => {
  const source = 'export const handler = async () => process.env.GREETING'
  const greeting = makeFunction(source, { environment: { GREETING: 'hello' } })
  const { client, lambda } = await startLambda([greeting])
  expect(await work(client, greeting.name)).toBe('hello')
  const changed = { ...greeting, environment: { GREETING: 'good day' } }
  const added = makeFunction(WORKER)
  lambda.update([changed, added], [])
  expect(await work(client, greeting.name)).toBe('good day')
  expect(await work(client, added.name)).toMatchObject({ calls: 1 })
  lambda.update([changed], [])
  await expect(work(client, added.name)).rejects.toMatchObject({ name: 'ResourceNotFoundException' })
})

test('a wrong update changes nothing', async () => {
  const worker = makeFunction(WORKER)
  const { client, lambda } = await startLambda([worker])
  await work(client, worker.name)
  expect(() => lambda.update([{ ...worker, runtime: 'cobol' }])).toThrow(
    `function ${worker.name}: runtime: expected nodejs<version>.x, got "cobol"`,
  )
  expect(await work(client, worker.name)).toMatchObject({ calls: 2 })
})

test('stop answers what is in flight with an error and leaves no process', async () => {
  const source = `
    import { spawn } from 'node:child_process'
    const child = spawn(process.execPath, ['-e', 'setInterval(() => {}, 1000)'], { stdio: 'ignore' })
    console.log(process.pid, child.pid)
    export const handler = awslambda.streamifyResponse(async (event, stream) => {
      if (event.stream) stream.write('begun')
      await fetch(event.gate)
    })`
  const holding = makeFunction(source)
  const { client, lambda, logs } = await startLambda([holding])
  const buffered = work(client, holding.name, 'stop')
  const Payload = JSON.stringify({ gate: gate.url('stop'), stream: true })
  const streamed = await client.send(
    new InvokeWithResponseStreamCommand({ FunctionName: holding.name, Payload }),
  )
  await gate.arrivals('stop', 2)
  const pids = logs.flatMap(({ text }) => text.split(' ').map(Number))
  expect(pids.filter(isAlive)).toHaveLength(4)
  const refused = expect(buffered).rejects.toMatchObject({
    name: 'ServiceException',
    message: 'The local Lambda was stopped.',
  })
  const events: unknown[] = []
  const [, stopped] = await Promise.all([refused, lambda.stop()])
  for await (const event of streamed.EventStream ?? []) events.push(event)
  expect(stopped).toBeUndefined()
  expect(events).toMatchObject([
    { PayloadChunk: {} },
    {
      InvokeComplete: { ErrorCode: 'ServiceException', ErrorDetails: expect.stringContaining('was stopped') },
    },
  ])
  expect(pids.filter(isAlive)).toEqual([])
  await expect(fetch(lambda.url)).rejects.toThrow()
})

test('stop does not wait for a process that is still starting', async () => {
  const endless = makeFunction('await new Promise((resolve) => setTimeout(resolve, 3_600_000))')
  const { client, lambda, events } = await startLambda([endless])
  const refused = expect(work(client, endless.name)).rejects.toMatchObject({ name: 'ServiceException' })
  while (count(events, 'environment-started') === 0) await new Promise(setImmediate)
  await Promise.all([refused, lambda.stop()])
  expect(events.map(({ type }) => type)).toEqual([
    'environment-started',
    'invocation-ended',
    'environment-ended',
  ])
})

async function work(client: LambdaClient, FunctionName: string, at?: string) {
  const Payload = JSON.stringify(at === undefined ? {} : { gate: gate.url(at) })
  const output: InvokeCommandOutput = await client.send(new InvokeCommand({ FunctionName, Payload }))
  return JSON.parse(Buffer.from(output.Payload ?? []).toString('utf8'))
}

function count(events: LocalLambdaEvent[], type: LocalLambdaEvent['type']): number {
  return events.filter((event) => event.type === type).length
}
