import { readFileSync } from 'node:fs'
import { FEATURES, type InvokeClient, invokeTarget, runVector } from '@lpr/contract/vectors'
import { sdkClient } from '../../../toolkit/src/conformance/invoke-client.ts'
import { startLambda } from '../../../toolkit/src/local-lambda/test-functions.ts'
import { buildAll, layerFunction, removeAll } from './support.ts'
import { functionFor, layerVectors, settingsFor } from './vector-functions.ts'

const NOT_IN_PYTHON = ['node-streams', 'web-streams', 'throw-anything']
const CASES = layerVectors(['buffered']).filter(
  ({ vector }) => !vector.requires?.some((feature) => NOT_IN_PYTHON.includes(feature)),
)
const HANDLERS = ['async_handler', 'plain_handler']

let client: InvokeClient

beforeAll(async () => {
  await buildAll()
  const settings = new Map(
    CASES.map(({ vector, mode }) => [functionFor(vector, mode), settingsFor(vector, mode)]),
  )
  const functions = [...settings.values()].flatMap((one) =>
    HANDLERS.map((handler) =>
      layerFunction(sources(), {
        ...one,
        name: `${one.name}-${handler}`,
        runtime: 'python3.13',
        handler: `app.${handler}`,
      }),
    ),
  )
  const lambda = await startLambda(functions, { maxEnvironments: 1 })
  client = sdkClient(lambda.client)
})
afterAll(removeAll)

/** Handlers as anybody would write them, without an adapter. They bear the name that the vectors expect. */
function sources() {
  const script = new URL('../../../contract/vectors/handlers/script_handler.py', import.meta.url)
  return {
    'script_handler.py': readFileSync(script, 'utf8'),
    'app.py': `import os
os.environ["AWS_LAMBDA_FUNCTION_NAME"] = "vectors"
from script_handler import ${HANDLERS.join(', ')}`,
  }
}

describe.each(HANDLERS)('an unchanged Python handler answers as the contract says, %s', (handler) => {
  test.each(CASES)('$title', async ({ vector, mode }) => {
    const name = `${functionFor(vector, mode)}-${handler}`
    const features = FEATURES.filter((feature) => !NOT_IN_PYTHON.includes(feature))
    expect(await runVector(vector, mode, invokeTarget(features, { [mode]: name }, client))).toEqual([])
  })
})

test('most vectors apply', () => {
  expect(CASES.length).toBeGreaterThan(90)
})
