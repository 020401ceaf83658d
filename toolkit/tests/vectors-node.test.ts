import { fileURLToPath } from 'node:url'
import { FEATURES, invokeTarget, loadVectors, runVector, type Target } from '@lpr/contract/vectors'
import * as esbuild from 'esbuild'
import { sdkClient } from '../src/conformance/invoke-client.ts'
import {
  buildNodeRuntime,
  makeFunction,
  removeTemporaryFiles,
  startLambda,
  stopLambdas,
} from '../src/local-lambda/test-functions.ts'

const MODES = ['buffered', 'stream', 'interleaved'] as const

let target: Target

beforeAll(async () => {
  await buildNodeRuntime()
  const code = await bundle('../../lambda-kit/adapter-node/tests/vector-app.ts')
  const functions = MODES.map((name) =>
    makeFunction(code, { name, handler: `app.${name}`, timeoutMs: 30_000 }),
  )
  const { client } = await startLambda(functions)
  const names = Object.fromEntries(MODES.map((mode) => [mode, mode]))
  target = invokeTarget(FEATURES, names, sdkClient(client))
})
afterAll(async () => {
  await stopLambdas()
  removeTemporaryFiles()
})

async function bundle(entry: string): Promise<string> {
  const { outputFiles } = await esbuild.build({
    entryPoints: [fileURLToPath(new URL(entry, import.meta.url))],
    bundle: true,
    write: false,
    platform: 'node',
    format: 'esm',
    conditions: ['lpr-source'],
    logLevel: 'warning',
  })
  return outputFiles[0]?.text ?? ''
}

describe('a Node.js function behind the Invoke API answers as the contract says', () => {
  const cases = loadVectors().flatMap((vector) => {
    return vector.modes.map((mode) => ({ vector, mode, title: `${vector.name}, ${mode}` }))
  })

  it.each(cases)('$title', async ({ vector, mode }) => {
    expect(await runVector(vector, mode, target)).toEqual([])
  })
})
