import type { Sources } from '../../../toolkit/src/local-lambda/test-functions.ts'
import { makeFunction, startLambda, stopLambdas } from '../../../toolkit/src/local-lambda/test-functions.ts'
import { buildAll, invoke, removeAll, withLayer } from './support.ts'

beforeAll(buildAll)
afterEach(stopLambdas)
afterAll(removeAll)

const MJS = (text: string): Sources => ({ 'app.mjs': text })
const CJS = (text: string): Sources => ({ 'app.cjs': text })

/** Functions that cannot be loaded: what is wrong, the code, and the handler's name if it is another one. */
const BROKEN: [what: string, sources: Sources, handler?: string][] = [
  ['an ES module that throws an error', MJS("throw new TypeError('not today')")],
  ['an ES module that throws something else', MJS("throw 'text'")],
  ['a CommonJS module that throws an error', CJS("throw new RangeError('too far')")],
  ['a syntax error in an ES module', MJS('export const handler = (')],
  ['a syntax error in a CommonJS module', CJS('exports.handler = (')],
  ['an import of a package that is not there', MJS("import 'no-such-package'; export const handler = 1")],
  ['a require of a package that is not there', CJS("require('no-such-package')")],
  ['a rejection at the top level', MJS("await Promise.reject(new Error('no connection'))")],
  ['no module of that name', MJS('export {}'), 'other.handler'],
  ['no export of that name', MJS('export const other = () => {}')],
  ['no nested export of that name', MJS('export const api = {}'), 'app.api.handler'],
  ['an export that is no function', MJS('export const handler = 7')],
  ['a name without an export', MJS('export {}'), 'app'],
  ['a name that leaves the code', MJS('export {}'), '../app.handler'],
  [
    'a mark of streaming that is not known',
    MJS(
      "export const handler = async () => {}; handler[Symbol.for('aws.lambda.runtime.handler.streaming')] = 'request'",
    ),
  ],
]

test.each(BROKEN)('%s is reported as without the layer', async (_, sources, handler = 'app.handler') => {
  const plain = makeFunction(sources, { name: 'plain', handler })
  // The same code: errors name its files.
  const layered = { ...plain, name: 'layered', environment: withLayer }
  const { client, logs } = await startLambda([plain, layered])
  const expected = await invoke(client, 'plain', {})
  const got = await invoke(client, 'layered', {})
  expect(got.functionError).toBe('Unhandled')
  expect(reported(got.text)).toEqual(reported(expected.text))
  for (const functionName of ['plain', 'layered']) {
    const lines = logs.filter((line) => line.functionName === functionName).map(({ text }) => text)
    expect(lines.join('\n')).toContain('Init Error')
  }
})

test('a handler that wants a callback is refused while the function starts', async () => {
  const source = 'export const handler = (event, context, callback) => callback(null, 1)'
  const plain = makeFunction(MJS(source), { name: 'plain' })
  const { client } = await startLambda([plain, { ...plain, name: 'layered', environment: withLayer }])
  const [expected, got] = await Promise.all(['plain', 'layered'].map((name) => invoke(client, name, {})))
  expect(got?.functionError).toBe('Unhandled')
  expect(JSON.parse(got?.text ?? '').errorType).toBe('Runtime.CallbackHandlerDeprecated')
  expect(JSON.parse(expected?.text ?? '').errorType).toBe('Runtime.CallbackHandlerDeprecated')
})

test('all mistakes in the variables are named at once', async () => {
  const environment = { ...withLayer, LPR_MAX_CONCURRENCY: '0', LPR_INVOKE_MODE: 'stream' }
  const definition = makeFunction('export const handler = async () => 1', { name: 'mistaken', environment })
  const { client } = await startLambda([definition])
  const { text } = await invoke(client, 'mistaken', {})
  expect(JSON.parse(text).errorMessage).toBe(
    'LPR_INVOKE_MODE: expected buffered or response_stream, got "stream"; ' +
      'LPR_MAX_CONCURRENCY: expected a whole number from 1, got "0"',
  )
})

function reported(text: string) {
  const { errorType, errorMessage } = JSON.parse(text)
  return { errorType, errorMessage }
}
