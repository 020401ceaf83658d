import { execFile } from 'node:child_process'
import { readFileSync, statSync } from 'node:fs'
import { isBuiltin } from 'node:module'
import { dirname, join } from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'
import { promisify } from 'node:util'
import { startServer } from './testing.ts'

const run = promisify(execFile)
const root = join(dirname(fileURLToPath(import.meta.url)), '..', '..', '..')
const bundle = (name: string) => join(root, 'bootstrap', name, 'dist', 'app.mjs')
const MAX_BYTES = 300_000

/** Calls the handler of a bundle in a process of its own, as Lambda would. */
async function invoke(name: string, event: unknown): Promise<unknown> {
  const script = `import { handler } from ${JSON.stringify(pathToFileURL(bundle(name)).href)}
    console.log = () => undefined
    const result = await handler(${JSON.stringify(event)}, { logStreamName: 'stream' })
    process.stdout.write(JSON.stringify(result ?? null))`
  const { stdout } = await run(process.execPath, ['--input-type=module', '-e', script])
  return JSON.parse(stdout)
}

beforeAll(() => run(process.execPath, [join(root, 'scripts', 'build.mjs'), 'macro', 'publisher']))

test.each(['config-publisher', 'router-macro'])('the bundle of %s is small', (name) => {
  expect(statSync(bundle(name)).size).toBeLessThan(MAX_BYTES)
})

test('version 3 of the SDK is left to the runtime, and nothing else is', () => {
  const imports = (name: string) => {
    const found = readFileSync(bundle(name), 'utf8').matchAll(/\b(?:from|import)\s*\(?["']([^"']+)["']/g)
    return [...new Set([...found].map(([, module = '']) => module))].filter(
      (module) => !module.startsWith('node:'),
    )
  }
  expect(imports('config-publisher').filter((module) => !isBuiltin(module))).toEqual(['@aws-sdk/client-s3'])
  expect(imports('router-macro').filter((module) => !isBuiltin(module))).toEqual([])
})

test('the bundled publisher answers CloudFormation', async () => {
  const server = await startServer()
  const StackId = 'arn:aws:cloudformation:eu-central-1:123456789012:stack/s/1'
  const common = { ResponseURL: `${server.url}/answer`, StackId, RequestId: 'r', LogicalResourceId: 'X' }
  await invoke('config-publisher', { ...common, RequestType: 'Create', ResourceProperties: {} })
  expect(JSON.parse(server.received[0]?.body ?? '')).toMatchObject({
    Status: 'FAILED',
    Reason: expect.stringContaining('BucketName: is required'),
  })
  await server.close()
})

test('the bundled macro expands a template', async () => {
  const Properties = { RouterConfig: {}, Spec: { paths: {} }, ImageIdentifier: 'public.ecr.aws/lpr/router:1' }
  const fragment = { Resources: { Router: { Type: 'Lpr::Router::Service', Properties } } }
  expect(await invoke('router-macro', { requestId: 'r', fragment })).toMatchObject({ status: 'success' })
})
