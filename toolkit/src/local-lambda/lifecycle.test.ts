import { InvokeWithResponseStreamCommand } from '@aws-sdk/client-lambda'
import { afterAll, afterEach, beforeAll, expect, test } from '@jest/globals'
import {
  buildNodeRuntime,
  count,
  type Gate,
  isAlive,
  makeFunction,
  removeTemporaryFiles,
  startGate,
  startLambda,
  stopLambdas,
  WORKER,
  work,
  writeSources,
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
  const held = work(client, worker.name, gate.url('busy'))
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
    `function ${worker.name}: runtime: expected nodejs<version>.x or python3.<version> or java<version> or provided.al2 or provided.al2023, got "cobol"`,
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
  const buffered = work(client, holding.name, gate.url('stop'))
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
  // All have been sent SIGKILL; a busy machine takes a moment to carry it out on those that are not ours to wait for.
  while (pids.some(isAlive)) await new Promise(setImmediate)
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
