import type { Sources } from '../../../toolkit/src/local-lambda/test-functions.ts'
import { makeFunction, startLambda, stopLambdas } from '../../../toolkit/src/local-lambda/test-functions.ts'
import { batchOfIds, buildAll, invoke, invokeStream, recordsOf, removeAll, withLayer } from './support.ts'

beforeAll(buildAll)
afterEach(stopLambdas)
afterAll(removeAll)

const HANDLERS: [what: string, source: string][] = [
  ['a response', "async (event) => ({ statusCode: 200, headers: { 'x-a': 7 }, body: event.rawPath })"],
  ['text', "async () => 'grüß \u{1f600}'"],
  ['nothing', 'async () => {}'],
  ['null', 'async () => null'],
  ['a number, without a promise', '() => 7'],
  ['nothing that JSON knows', 'async () => () => {}'],
  ['what JSON refuses', 'async () => 1n'],
  ['an error', "async () => { throw new TypeError('the reason') }"],
  ['an error of no class', "async () => { throw 'text' }"],
  [
    'what it finds in its context',
    'async (event, context) => ({ context: { ...context, awsRequestId: 0 }, keys: Object.keys(context), length: [event, context].length })',
  ],
  ['the arguments it gets', 'async function handler() { return arguments.length }'],
]

describe.each(['buffered', 'response_stream'])(
  'with LPR_INVOKE_MODE=%s, an event that is no batch',
  (mode) => {
    test.each(HANDLERS)('gets the same answer as without the layer: %s', async (_, source) => {
      const plain = makeFunction(`export const handler = ${source}`, { name: 'plain' })
      const environment = { ...withLayer, LPR_INVOKE_MODE: mode }
      const { client } = await startLambda([plain, { ...plain, name: 'layered', environment }])
      const event = { rawPath: '/direct', requestContext: { requestId: 'a' } }
      const expected = sameNames(await invoke(client, 'plain', event))
      expect(sameNames(await invoke(client, 'layered', event))).toEqual(expected)
      if (expected.functionError === undefined) {
        expect(sameNames(await invokeStream(client, 'layered', event)).text).toBe(expected.text)
      }
    })

    test.each([{ v: 1 }, { v: 1, batch: 'none' }, { batch: [] }, [], 'text', null])(
      'is %j as well',
      async (event) => {
        const plain = makeFunction('export const handler = async (event) => ({ event })', { name: 'plain' })
        const environment = { ...withLayer, LPR_INVOKE_MODE: mode }
        const { client } = await startLambda([{ ...plain, environment }])
        expect(JSON.parse((await invoke(client, 'plain', event)).text)).toEqual({ event })
      },
    )
  },
)

const FINE = 'async (event) => event.rawPath'

const FORMS: [what: string, sources: Sources, handler: string][] = [
  ['an ES module', { 'app.mjs': `export const handler = ${FINE}` }, 'app.handler'],
  ['a default export', { 'app.mjs': `export default { handler: ${FINE} }` }, 'app.handler'],
  [
    '.js in a module package',
    { 'app.js': `export const handler = ${FINE}`, 'package.json': '{"type":"module"}' },
    'app.handler',
  ],
  [
    '.js in any other package',
    { 'app.js': `exports.handler = ${FINE}`, 'package.json': '{}' },
    'app.handler',
  ],
  ['.cjs', { 'app.cjs': `module.exports = { handler: ${FINE} }` }, 'app.handler'],
  [
    'exports made while loading',
    { 'app.cjs': `for (const name of ['handler']) exports[name] = ${FINE}` },
    'app.handler',
  ],
  ['a sub-folder', { 'src/deep/app.mjs': `export const handler = ${FINE}` }, 'src/deep/app.handler'],
  [
    'a nested export',
    { 'app.mjs': `export const app = { api: { handler: ${FINE} } }` },
    'app.app.api.handler',
  ],
  [
    'top-level await',
    { 'app.mjs': `const fine = await Promise.resolve(${FINE}); export const handler = fine` },
    'app.handler',
  ],
  [
    'a package of the function',
    { 'node_modules/pack/index.js': `exports.handler = ${FINE}` },
    'pack.handler',
  ],
  [
    'imports of its own',
    {
      'app.mjs': "export { handler } from './lib/other.mjs'",
      'lib/other.mjs': `export const handler = ${FINE}`,
    },
    'app.handler',
  ],
]

test.each(FORMS)('a handler may be in %s', async (_, sources, handler) => {
  const definition = makeFunction(sources, { name: 'form', handler, environment: withLayer })
  const { client } = await startLambda([definition])
  const { text } = await invoke(client, 'form', batchOfIds('a'))
  expect(recordsOf(text)).toMatchObject([{ id: 'a', statusCode: 200, body: '/a' }])
})

/** The two functions differ by their names, and each invocation by its ids. */
function sameNames({ text, functionError }: { text: string; functionError?: string | undefined }) {
  const same = text
    .replaceAll('layered', 'plain')
    .replace(/"trace":\[[^\]]*\]/, '"trace":[]')
    .replace(/"(logStreamName|xRayTraceId)":"[^"]*"/g, '"$1":""')
  return { text: same, functionError }
}
