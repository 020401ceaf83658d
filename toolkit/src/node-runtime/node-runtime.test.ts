import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { InvokeCommand } from '@aws-sdk/client-lambda'
import { afterAll, afterEach, beforeAll, expect, test } from '@jest/globals'
import type { LocalFunction } from '../local-lambda/api.ts'
import {
  buildNodeRuntime,
  makeFunction,
  nodeRuntimePath,
  removeTemporaryFiles,
  startLambda,
  stopLambdas,
} from '../local-lambda/test-functions.ts'

beforeAll(buildNodeRuntime)
afterEach(stopLambdas)
afterAll(removeTemporaryFiles)

test('the context says where and how the function runs', async () => {
  const source = `export const handler = async (event, context) => {
    const remaining = context.getRemainingTimeInMillis()
    return { ...context, inTime: remaining > 0 && remaining <= 20_000, trace: process.env._X_AMZN_TRACE_ID }
  }`
  const definition = makeFunction(source, { name: 'orders', memoryMb: 256 })
  const context = (await invoke(definition)) as Record<string, unknown>
  expect(context).toEqual({
    functionName: 'orders',
    functionVersion: '$LATEST',
    invokedFunctionArn: 'arn:aws:lambda:us-east-1:000000000000:function:orders',
    memoryLimitInMB: '256',
    awsRequestId: expect.stringMatching(/^[0-9a-f-]{36}$/),
    logGroupName: '/aws/lambda/orders',
    logStreamName: expect.stringMatching(/^[0-9a-f]{32}$/),
    xRayTraceId: expect.stringMatching(/^Root=1-/),
    inTime: true,
    trace: context.xRayTraceId,
  })
})

test.each([
  ['a string', 'throw "text"', { errorType: 'string', errorMessage: 'text', trace: [] }],
  ['undefined', 'throw undefined', { errorType: 'undefined', errorMessage: 'undefined', trace: [] }],
  [
    'an error that cannot be read',
    'throw new Proxy({}, { getPrototypeOf() { throw new Error("no") } })',
    { errorType: 'Error', errorMessage: 'the error that was thrown cannot be read', trace: [] },
  ],
  [
    'an error with a strange name',
    'const e = new Error("m"); e.name = "Grüße\\n👋"; throw e',
    { errorType: 'Grüße\n👋', errorMessage: 'm' },
  ],
])('%s may be thrown', async (_what, statement, expected) => {
  const definition = makeFunction(`export const handler = async () => { ${statement} }`)
  expect(await invoke(definition)).toMatchObject(expected)
})

test('a result that is not JSON is an error of the function', async () => {
  const cyclic = makeFunction('export const handler = async () => { const a = {}; a.a = a; return a }')
  expect(await invoke(cyclic)).toMatchObject({ errorType: 'Runtime.JSONStringifyError' })
})

test('a function that is no JSON at all is null', async () => {
  expect(await invoke(makeFunction('export const handler = async () => () => 1'))).toBeNull()
})

test.each([
  [
    'text, bytes and objects',
    `stream.write('a'); stream.write(Buffer.from('b')); stream.write({ c: 1 }); stream.end('d')`,
    'ab{"c":1}d',
  ],
  ['an empty write', `stream.write(''); stream.end()`, ''],
  [
    'a pipeline',
    `const { pipeline } = await import('node:stream/promises'); await pipeline(['x', 'y'], stream)`,
    'xy',
  ],
  [
    'the prelude alone',
    `const http = from(stream, { statusCode: 204 }); http.write(''); http.end()`,
    '{"statusCode":204}\0\0\0\0\0\0\0\0',
  ],
  ['no prelude without a write', `from(stream, { statusCode: 204 }).end()`, ''],
])('a response stream takes %s', async (_what, statements, expected) => {
  const definition = makeFunction(
    `const { from } = awslambda.HttpResponseStream
     export const handler = awslambda.streamifyResponse(async (event, stream) => { ${statements} })`,
  )
  const { client } = await startLambda([definition])
  const output = await client.send(new InvokeCommand({ FunctionName: definition.name }))
  expect(Buffer.from(output.Payload ?? []).toString('utf8')).toBe(expected)
})

test.each([
  [
    'the content type after the first write',
    'stream.write("a"); stream.setContentType("text/plain")',
    'Runtime.InvalidStreamingOperation',
  ],
  ['an answer that is not a promise', 'return 1', 'Error'],
])('%s is refused', async (_what, statements, errorType) => {
  const definition = makeFunction(
    `export const handler = awslambda.streamifyResponse((event, stream) => { ${statements} })`,
  )
  expect(await invoke(definition)).toMatchObject({ errorType })
})

test('the high-water mark of a streaming handler is respected', async () => {
  const definition = makeFunction(
    `export const handler = awslambda.streamifyResponse(
       async (event, stream) => { stream.end(JSON.stringify(stream.writableHighWaterMark)) },
       { highWaterMark: 1234 },
     )`,
  )
  expect(await invoke(definition)).toBe(1234)
})

test('a process whose Runtime API is gone ends by itself, busy or not', async () => {
  // A service that takes the process in and never gives it anything to do.
  const sockets = new Set<{ destroy(): void }>()
  const server = createServer().on('connection', (socket) => sockets.add(socket))
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  const endless = makeFunction('await new Promise((resolve) => setTimeout(resolve, 3_600_000))')
  const child: ChildProcess = spawn(process.execPath, [nodeRuntimePath], {
    env: {
      AWS_LAMBDA_RUNTIME_API: `127.0.0.1:${port}`,
      LAMBDA_TASK_ROOT: endless.codeDir,
      _HANDLER: endless.handler,
    },
    stdio: 'ignore',
  })
  const exit = once(child, 'exit')
  await once(server, 'connection')
  for (const socket of sockets) socket.destroy()
  server.close()
  expect(await exit).toEqual([1, null])
})

async function invoke(definition: LocalFunction): Promise<unknown> {
  const { client } = await startLambda([definition])
  const { Payload } = await client.send(new InvokeCommand({ FunctionName: definition.name }))
  return JSON.parse(Buffer.from(Payload ?? []).toString('utf8'))
}
