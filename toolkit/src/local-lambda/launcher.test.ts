import { chmodSync } from 'node:fs'
import { afterAll, afterEach, beforeAll, expect, test } from '@jest/globals'
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
