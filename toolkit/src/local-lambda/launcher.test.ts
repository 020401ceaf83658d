import { chmodSync } from 'node:fs'
import { afterAll, afterEach, beforeAll, describe, expect, test } from '@jest/globals'
import type { RuntimeLauncher } from './api.ts'
import {
  buildNodeRuntime,
  makeFunction,
  removeTemporaryFiles,
  startLambda,
  stopLambdas,
  work,
} from './test-functions.ts'

beforeAll(buildNodeRuntime)
afterEach(stopLambdas)
afterAll(removeTemporaryFiles)

test('a command that cannot be started is told to the caller', async () => {
  const broken: RuntimeLauncher = {
    runtimes: 'raw',
    supports: (runtime) => runtime === 'raw',
    commandLine: () => ({ command: '/no/such/program', args: [] }),
  }
  const definition = makeFunction({ 'runtime.mjs': '' }, { name: 'raw', runtime: 'raw' })
  const { client } = await startLambda([definition], { launchers: [broken] })
  expect(await work(client, 'raw')).toEqual({
    errorType: 'Runtime.InvalidEntrypoint',
    errorMessage: expect.stringMatching(/cannot start \/no\/such\/program: .*ENOENT/),
  })
})

test('AWS_LAMBDA_EXEC_WRAPPER gets the command as its arguments', async () => {
  const wrapper = '#!/bin/sh\nexport WRAPPED=yes _HANDLER=app.other\nexec "$@"\n'
  const source = `export const handler = async () => 'plain'
    export const other = async () => process.env.WRAPPED`
  const wrapped = makeFunction({ 'app.mjs': source, wrapper })
  chmodSync(`${wrapped.codeDir}/wrapper`, 0o755)
  wrapped.environment = { AWS_LAMBDA_EXEC_WRAPPER: `${wrapped.codeDir}/wrapper` }
  const { client } = await startLambda([wrapped])
  expect(await work(client, wrapped.name)).toBe('yes')
})

describe.each(['provided.al2', 'provided.al2023'])('a function of its own runtime, %s,', (runtime) => {
  /** A runtime in the least code: answers every invocation with what it finds around itself. */
  const BOOTSTRAP = `#!/usr/bin/env node
    const api = 'http://' + process.env.AWS_LAMBDA_RUNTIME_API + '/2018-06-01/runtime/invocation'
    for (;;) {
      const next = await fetch(api + '/next')
      await next.text()
      const { _HANDLER: handler, WRAPPED: wrapped = 'no' } = process.env
      const answer = JSON.stringify({ handler, wrapped, cwd: process.cwd() })
      const id = next.headers.get('lambda-runtime-aws-request-id')
      await fetch(api + '/' + id + '/response', { method: 'POST', body: answer })
    }`
  const own = { runtime, handler: 'bootstrap' }

  test('is started by its bootstrap, which gets no wrapper', async () => {
    const wrapper = '#!/bin/sh\nexport WRAPPED=yes\nexec "$@"\n'
    const sources = { bootstrap: BOOTSTRAP, 'package.json': '{"type":"module"}', wrapper }
    const definition = makeFunction(sources, own)
    for (const name of ['bootstrap', 'wrapper']) chmodSync(`${definition.codeDir}/${name}`, 0o755)
    definition.environment = { AWS_LAMBDA_EXEC_WRAPPER: `${definition.codeDir}/wrapper` }
    const { client } = await startLambda([definition])
    const { codeDir } = definition
    expect(await work(client, definition.name)).toEqual({ handler: 'bootstrap', wrapped: 'no', cwd: codeDir })
  })

  test.each([
    ['no bootstrap', { 'main.go': '' }, /cannot start: .*\/bootstrap: expected an executable file, got none/],
    ['a bootstrap that is no program', { bootstrap: '' }, /\/bootstrap: .* got one that may not be executed/],
  ])('tells its caller of %s', async (_what, sources: Record<string, string>, message) => {
    const definition = makeFunction(sources, own)
    const { client } = await startLambda([definition])
    expect(await work(client, definition.name)).toEqual({
      errorType: 'Runtime.InvalidEntrypoint',
      errorMessage: expect.stringMatching(message),
    })
  })
})

test('what the layers have under /opt is found elsewhere: wrapper, packages and programs', async () => {
  const source = `import { createRequire } from 'node:module'
    import { execFileSync } from 'node:child_process'
    const require = createRequire(import.meta.url)
    export const handler = async () => ({
      wrapped: process.env.WRAPPED, module: require('from-layer'), opt: process.env.LPR_OPT_DIR,
      tool: execFileSync('layer-tool', { encoding: 'utf8' }),
    })`
  const layer = makeFunction({
    'wrap/wrapper': '#!/bin/sh\nexport WRAPPED=yes\nexec "$@"\n',
    'bin/layer-tool': '#!/bin/sh\nprintf tool\n',
    'nodejs/node_modules/from-layer/index.js': "module.exports = 'module'",
  })
  for (const name of ['wrap/wrapper', 'bin/layer-tool']) chmodSync(`${layer.codeDir}/${name}`, 0o755)
  const environment = { AWS_LAMBDA_EXEC_WRAPPER: '/opt/wrap/wrapper' }
  const optDir = layer.codeDir
  const { client } = await startLambda([makeFunction(source, { name: 'layered', environment, optDir })])
  const expected = { wrapped: 'yes', module: 'module', opt: optDir, tool: 'tool' }
  expect(await work(client, 'layered')).toEqual(expected)
})
