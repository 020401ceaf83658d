import { cpSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { invokeFunction } from '../../toolkit/src/dev/invoke.ts'
import {
  makeFunction,
  removeTemporaryFiles,
  startLambda,
  stopLambdas,
} from '../../toolkit/src/local-lambda/test-functions.ts'
import { greet } from './greeting.ts'
import { batchOf, httpEvent, loadedDice } from './testing.ts'

const path = (name: string) => fileURLToPath(new URL(name, import.meta.url))

afterEach(stopLambdas)
afterAll(removeTemporaryFiles)

function pythonFunction(module: string) {
  const more = { name: module, runtime: 'python3.13', handler: `${module}.handler` }
  const definition = makeFunction({}, more)
  cpSync(path('../python'), definition.codeDir, { recursive: true })
  const adapter = path('../../lambda-kit/adapter-python/src/lpr_lambda_adapter')
  cpSync(adapter, join(definition.codeDir, 'lpr_lambda_adapter'), { recursive: true })
  return definition
}

const EVENTS = [
  httpEvent('r-1'),
  httpEvent('r-2', { queryStringParameters: { 'max-delay': 'none', a: 'b' }, body: 'grüß' }),
  httpEvent('r-3', { body: Buffer.from('grüß').toString('base64'), isBase64Encoded: true }),
]

test.each(['mode_a', 'adapter'])('%s.py greets as the functions in TypeScript do', async (module) => {
  const { lambda } = await startLambda([pythonFunction(module)])
  for (const event of EVENTS) {
    const { payload } = await invokeFunction(lambda.url, module, event)
    const { statusCode, headers, body } = payload as { statusCode: number; headers: object; body: string }
    expect([statusCode, headers]).toEqual([200, { 'content-type': 'application/json' }])
    const expected = JSON.parse(JSON.stringify(await greet(event, loadedDice(0))))
    expect(JSON.parse(body)).toEqual(expected)
  }
})

test('adapter.py answers a batch', async () => {
  const { lambda } = await startLambda([pythonFunction('adapter')])
  const { payload } = await invokeFunction(lambda.url, 'adapter', batchOf(...EVENTS))
  const { responses } = payload as { responses: { id: string }[] }
  expect(responses.map(({ id }) => id)).toEqual(['r-1', 'r-2', 'r-3'])
})

test('no delay outlasts the longest that is allowed', async () => {
  const source = `from greeting import max_delay_ms
def handler(texts, context): return [max_delay_ms({"queryStringParameters": {"max-delay": text}}) for text in texts]`
  const definition = pythonFunction('limits')
  const limits = makeFunction({ 'limits.py': source }, { ...definition, name: 'limits' })
  cpSync(path('../python/greeting.py'), join(limits.codeDir, 'greeting.py'))
  const { lambda } = await startLambda([limits])
  const texts = ['', 'none', '-5', '250', '250.9', '999999', 'Infinity', 'nan']
  const { payload } = await invokeFunction(lambda.url, 'limits', texts)
  expect(payload).toEqual([0, 0, 0, 250, 250, 5000, 5000, 0])
})
