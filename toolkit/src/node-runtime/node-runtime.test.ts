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
  type Sources,
  startLambda,
  stopLambdas,
} from '../local-lambda/test-functions.ts'

beforeAll(buildNodeRuntime)
afterEach(stopLambdas)
afterAll(removeTemporaryFiles)

const ESM = 'export const handler = async () => "esm"'
const CJS = 'exports.handler = async () => "cjs"'

test.each<[string, Sources, string, unknown]>([
  ['.mjs', { 'app.mjs': ESM }, 'app.handler', 'esm'],
  ['.cjs', { 'app.cjs': CJS }, 'app.handler', 'cjs'],
  ['.js without a package', { 'app.js': CJS }, 'app.handler', 'cjs'],
  ['.js in a CommonJS package', { 'app.js': CJS, 'package.json': '{}' }, 'app.handler', 'cjs'],
  [
    '.js in an ES module package',
    { 'app.js': ESM, 'package.json': '{"type":"module"}' },
    'app.handler',
    'esm',
  ],
  ['.js before .mjs', { 'app.js': CJS, 'app.mjs': ESM }, 'app.handler', 'cjs'],
  ['a file in a directory', { 'src/api/app.mjs': ESM }, 'src/api/app.handler', 'esm'],
  [
    'a nested export',
    { 'app.mjs': 'export const a = { b: { c: async () => "nested" } }' },
    'app.a.b.c',
    'nested',
  ],
  [
    'a nested export of CommonJS',
    { 'app.js': 'exports.a = { b: async () => "nested" }' },
    'app.a.b',
    'nested',
  ],
  [
    'exports that only exist at run time',
    { 'app.js': 'const all = { ["hand" + "ler"]: async () => "computed" }; module.exports = all' },
    'app.handler',
    'computed',
  ],
  [
    'top-level await',
    { 'app.mjs': `const v = await Promise.resolve('waited'); export const handler = async () => v` },
    'app.handler',
    'waited',
  ],
  ['a package', { 'node_modules/app/index.js': CJS }, 'app.handler', 'cjs'],
  [
    'a handler that is not async',
    { 'app.mjs': 'export const handler = () => "plain"' },
    'app.handler',
    'plain',
  ],
])('a handler is loaded from %s', async (_what, sources, handler, expected) => {
  expect(await invoke(makeFunction(sources, { handler }))).toEqual(expected)
})

test.each<[string, Sources, string, string, string]>([
  [
    'a missing module',
    { 'other.mjs': ESM },
    'app.handler',
    'Runtime.ImportModuleError',
    "Cannot find module 'app'",
  ],
  [
    'a missing import',
    { 'app.mjs': 'import "./gone.mjs"' },
    'app.handler',
    'Runtime.ImportModuleError',
    'gone.mjs',
  ],
  [
    'a missing require',
    { 'app.js': 'require("gone")' },
    'app.handler',
    'Runtime.ImportModuleError',
    "Cannot find module 'gone'",
  ],
  [
    'a syntax error',
    { 'app.mjs': 'export const handler = async () => {' },
    'app.handler',
    'Runtime.UserCodeSyntaxError',
    'SyntaxError',
  ],
  [
    'a syntax error in CommonJS',
    { 'app.js': 'exports.handler = (' },
    'app.handler',
    'Runtime.UserCodeSyntaxError',
    'SyntaxError',
  ],
  [
    'ES module syntax in a CommonJS file',
    { 'app.cjs': ESM },
    'app.handler',
    'Runtime.UserCodeSyntaxError',
    'SyntaxError',
  ],
  [
    'an export that is missing',
    { 'app.mjs': ESM },
    'app.other',
    'Runtime.HandlerNotFound',
    'app.other is undefined or not exported',
  ],
  [
    'an export that is no function',
    { 'app.mjs': 'export const handler = 1' },
    'app.handler',
    'Runtime.HandlerNotFound',
    'app.handler is not a function',
  ],
  [
    'a handler without a method',
    { 'app.mjs': ESM },
    'app',
    'Runtime.MalformedHandlerName',
    'dir/file.method',
  ],
  ['a handler outside the code', { 'app.mjs': ESM }, '../app.handler', 'Runtime.MalformedHandlerName', '..'],
  [
    'an exception while loading',
    { 'app.mjs': 'throw new RangeError("no luck")' },
    'app.handler',
    'RangeError',
    'no luck',
  ],
  [
    'a handler with a callback',
    { 'app.mjs': 'export const handler = (event, context, callback) => callback(null, 1)' },
    'app.handler',
    'Runtime.CallbackHandlerDeprecated',
    'promise',
  ],
  [
    'a handler that wants another kind of streaming',
    {
      'app.mjs': `export const handler = async () => 1; handler[Symbol.for('aws.lambda.runtime.handler.streaming')] = 'request'`,
    },
    'app.handler',
    'Runtime.MalformedStreamingHandler',
    'Only response streaming',
  ],
])('%s is told to the caller', async (_what, sources, handler, errorType, message) => {
  expect(await invoke(makeFunction(sources, { handler }))).toMatchObject({
    errorType,
    errorMessage: expect.stringContaining(message),
    trace: expect.any(Array),
  })
})

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
