import {
  FEATURES,
  type InvokeClient,
  invokeTarget,
  type Mode,
  runVector,
  type Vector,
} from '@lpr/contract/vectors'
import * as esbuild from 'esbuild'
import { sdkClient } from '../../../toolkit/src/conformance/invoke-client.ts'
import { startLambda } from '../../../toolkit/src/local-lambda/test-functions.ts'
import { buildAll, layerFunction, removeAll } from './support.ts'
import { functionFor, layerVectors, settingsFor } from './vector-functions.ts'

// The script handler returns its answers; none of them is streamed by the handler itself.
const CASES = layerVectors(['buffered', 'stream'])

let client: InvokeClient

beforeAll(async () => {
  await buildAll()
  const code = await bundle()
  const settings = new Map(
    CASES.map(({ vector, mode }) => [functionFor(vector, mode), settingsFor(vector, mode)]),
  )
  const functions = [...settings.values()].map((one) => layerFunction(code, one))
  const lambda = await startLambda(functions, { maxEnvironments: 1 })
  client = sdkClient(lambda.client)
})
afterAll(removeAll)

/** A handler as anybody would write it, without an adapter. It bears the name that the vectors expect. */
async function bundle(): Promise<string> {
  const contents = `import { scriptHandler } from '@lpr/contract/vectors'
    process.env.AWS_LAMBDA_FUNCTION_NAME = 'vectors'
    export const handler = scriptHandler`
  const { outputFiles } = await esbuild.build({
    stdin: { contents, resolveDir: import.meta.dirname },
    bundle: true,
    write: false,
    platform: 'node',
    format: 'esm',
    conditions: ['lpr-source'],
    logLevel: 'warning',
  })
  return outputFiles[0]?.text ?? ''
}

test.each(CASES)(
  'an unchanged Node.js handler answers as the contract says: $title',
  async ({ vector, mode }) => {
    expect(await runVector(vector, mode, targetFor(vector, mode))).toEqual([])
  },
)

test('most vectors apply', () => {
  expect(CASES.length).toBeGreaterThan(180)
})

function targetFor(vector: Vector, mode: Mode) {
  return invokeTarget(FEATURES, { [mode]: functionFor(vector, mode) }, client)
}
