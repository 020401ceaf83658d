import { InvokeCommand } from '@aws-sdk/client-lambda'
import { afterAll, afterEach, beforeAll, expect, test } from '@jest/globals'
import type { LocalFunction } from '../local-lambda/api.ts'
import {
  buildNodeRuntime,
  makeFunction,
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
    'ES module syntax in a file of no type',
    { 'app.js': ESM },
    'app.handler',
    'Runtime.UserCodeSyntaxError',
    'SyntaxError',
  ],
  [
    'a require of an ES module',
    { 'app.cjs': 'require("./other.mjs")', 'other.mjs': ESM },
    'app.handler',
    'Error',
    'require() of ES Module',
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

async function invoke(definition: LocalFunction): Promise<unknown> {
  const { client } = await startLambda([definition])
  const { Payload } = await client.send(new InvokeCommand({ FunctionName: definition.name }))
  return JSON.parse(Buffer.from(Payload ?? []).toString('utf8'))
}
