import { existsSync, readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'

const template = readFileSync(new URL('../template.yaml', import.meta.url), 'utf8')
const resources = template.slice(template.indexOf('\nResources:\n'), template.indexOf('\nOutputs:\n'))

/** Logical id and text of each resource. */
const blocks = new Map(
  [...resources.matchAll(/^ {2}(\w+):\n((?:(?: {4,}.*| {2}#.*)?\n)+)/gm)].map(([, id = '', text = '']) => [
    id,
    text,
  ]),
)
const functions = [...blocks].filter(([, text]) => text.includes('Type: AWS::Serverless::Function'))

test('the functions of the benchmark are there', () => {
  expect(functions.map(([id]) => id)).toEqual([
    'SampleBufferingSimpleHelloFunction',
    'SampleBufferingDynamicHelloFunction',
    'SampleStreamingSimpleHelloFunction',
    'SampleStreamingDynamicHelloFunction',
    'SampleBufferingAdapterHelloFunction',
    'SampleStreamingAdapterHelloFunction',
    'SampleStreamingAdapterSseFunction',
    'SampleStreamingModeANodeHelloFunction',
    'SampleStreamingModeAPythonHelloFunction',
    'SampleBufferingAdapterPythonHelloFunction',
    'DirectHelloFunction',
  ])
})

const inPython = functions.filter(([, text]) => text.includes('Runtime: python'))
const inNode = functions.filter(([, text]) => !text.includes('Runtime: python'))

test.each(inNode)('%s is built from a file that exists, under the name its handler has', (_, text) => {
  const entry = /EntryPoints: \[(([\w-]+)\.ts)\]/.exec(text)
  expect(entry).not.toBeNull()
  expect(existsSync(fileURLToPath(new URL(entry?.[1] ?? '', import.meta.url)))).toBe(true)
  expect(text).toContain(`Handler: ${entry?.[2]}.handler`)
})

test.each(inPython)('%s is built by a Makefile that copies the file of its handler', (id, text) => {
  const makefile = readFileSync(new URL('../python/Makefile', import.meta.url), 'utf8')
  const [, module] = /Handler: (\w+)\.handler/.exec(text) ?? []
  const recipe = makefile.slice(makefile.indexOf(`\nbuild-${id}:`)).split('\n\n')[0]
  expect(recipe).toContain(` ${module}.py `)
  expect(existsSync(fileURLToPath(new URL(`../python/${module}.py`, import.meta.url)))).toBe(true)
})

const layered = functions.filter(([, text]) => text.includes('Layers:'))

test.each(layered)('%s has the layer and its wrapper', (_, text) => {
  expect(text).toContain('Layers: [!Ref LprLayer]')
  expect(text).toContain('AWS_LAMBDA_EXEC_WRAPPER: /opt/lpr/exec-wrapper')
})

test.each(['mode-a-node.ts', '../python/mode_a.py'])('%s knows of no adapter and of no batch', (file) => {
  const source = readFileSync(new URL(file, import.meta.url), 'utf8')
  expect(source).not.toMatch(/batchAdapter|batch_adapter|\.batch\b/)
})

test('every route and output refers to a resource that exists', () => {
  const references = [...template.matchAll(/!GetAtt (\w+)\./g)].map(([, id = '']) => id)
  // SAM makes the function URL of the function's own property.
  const known = new Set([...blocks.keys(), 'DirectHelloFunctionUrl'])
  expect(references.filter((id) => !known.has(id))).toEqual([])
  expect(references.length).toBeGreaterThan(functions.length)
})

test('no delay can outlast a route, and no route a function', async () => {
  const { maxDelayMs } = await import('./delay.ts')
  const timeouts = [...template.matchAll(/timeoutMs: (\d+)/g)].map(([, text]) => Number(text))
  const functionTimeoutMs = Number(/\n {4}Timeout: (\d+)/.exec(template)?.[1]) * 1000
  expect(maxDelayMs({ 'max-delay': 'Infinity' })).toBeLessThan(Math.min(...timeouts))
  expect(Math.max(...timeouts)).toBeLessThan(functionTimeoutMs)
})

test('the outputs that benchmarks and other tools read are there', () => {
  const names = [...template.slice(template.indexOf('\nOutputs:\n')).matchAll(/^ {2}(\w+):$/gm)].map(
    ([, name]) => name,
  )
  const urls = [
    'BufferingSimple',
    'BufferingDynamic',
    'StreamingSimple',
    'StreamingDynamic',
    'BufferingAdapter',
    'StreamingAdapter',
  ]
  expect(names).toEqual(
    expect.arrayContaining([
      ...functions.map(([id]) => `${id}Arn`),
      ...urls.map((name) => `${name}HelloUrl`),
      'StreamingAdapterSseUrl',
      'RouterServiceUrl',
      'RouterServiceBaseUrl',
      'DirectHelloUrl',
    ]),
  )
})

test('the demo deploys unedited: every parameter has a default, and at most 8 instances run', () => {
  const parameters = template.slice(template.indexOf('\nParameters:\n'), template.indexOf('\nConditions:\n'))
  expect(parameters.match(/^ {2}\w+:$/gm)?.length).toBe(parameters.match(/^ {4}Default:/gm)?.length)
  expect(blocks.get('RouterService')).toMatch(/MinInstances: 1\n {8}MaxInstances: 8\n/)
})
