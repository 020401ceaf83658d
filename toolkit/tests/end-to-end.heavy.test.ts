import { cpSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import * as esbuild from 'esbuild'
import { buildLayer } from '../../scripts/build-layer.mjs'
import type { LocalFunction } from '../src/local-lambda/index.ts'
import {
  buildNodeRuntime,
  makeFunction,
  removeTemporaryFiles,
  startLambda,
  stopLambdas,
} from '../src/local-lambda/test-functions.ts'
import { type EchoMode, runEcho } from './end-to-end.ts'
import { javaFunction } from './java.ts'
import { nativeFunction } from './native.ts'

const PYTHON = { runtime: 'python3.13' }
const PYTHON_ADAPTER = fileURLToPath(
  new URL('../../lambda-kit/adapter-python/src/lpr_lambda_adapter', import.meta.url),
)
const layerDir = mkdtempSync(join(tmpdir(), 'lpr-end-to-end-layer-'))

const REQUESTS = 5000
const BATCH_SIZE = 16
const ALL_MODES: EchoMode[] = ['buffered', 'stream', 'interleaved']

/** One runtime, or one way of making a function of it. */
interface Row {
  title: string
  modes: EchoMode[]
  /** The echo function of a mode; its name does not matter. */
  define(mode: EchoMode): LocalFunction | Promise<LocalFunction>
}

const JAVA_CLASSES = { buffered: 'Buffered', stream: 'Streamed', interleaved: 'Interleaved' }

const ROWS: Row[] = [
  {
    title: 'Node.js with its adapter',
    modes: ALL_MODES,
    define: async (mode) => makeFunction(await bundle('./echo/node-app.ts'), { handler: `app.${mode}` }),
  },
  {
    title: 'Go with its adapter',
    modes: ALL_MODES,
    define: (mode) => nativeFunction('echo-go', { handler: mode }),
  },
  {
    title: 'Rust with its adapter',
    modes: ALL_MODES,
    define: (mode) => nativeFunction('echo-rust', { handler: mode }),
  },
  {
    title: "Java with its adapter and Lambda's own runtime client",
    modes: ALL_MODES,
    define: (mode) => javaFunction(`echo.Echo$${JAVA_CLASSES[mode]}`),
  },
  {
    title: 'Node.js behind the layer',
    modes: ALL_MODES,
    define: async (mode) => {
      const handler = mode === 'interleaved' ? 'app.streaming' : 'app.handler'
      const environment = { ...withLayer(), LPR_INVOKE_MODE: mode === 'buffered' ? mode : 'response_stream' }
      return makeFunction({ 'app.mjs': source('plain-app.mjs') }, { handler, environment })
    },
  },
  {
    title: 'Node.js behind the layer, in the mode that its route has not',
    modes: ['buffered', 'stream'],
    define: async (mode) => {
      const environment = {
        ...withLayer(),
        LPR_INVOKE_MODE: mode === 'buffered' ? 'response_stream' : 'buffered',
      }
      return makeFunction({ 'app.mjs': source('plain-app.mjs') }, { environment })
    },
  },
  ...['handler', 'async_handler'].map(
    (name): Row => ({
      title: `Python behind the layer, ${name}`,
      // It answers with one document on either route.
      modes: ['buffered', 'stream'],
      define: async () => {
        const more = { handler: `plain_app.${name}`, environment: withLayer() }
        return makeFunction({ 'plain_app.py': source('plain_app.py') }, { ...PYTHON, ...more })
      },
    }),
  ),
  {
    title: 'Python with its adapter',
    modes: ['buffered'],
    define: async () => {
      const names = ['plain_app.py', 'adapter_app.py']
      const sources = Object.fromEntries(names.map((name) => [name, source(name)]))
      const definition = makeFunction(sources, { ...PYTHON, handler: 'adapter_app.handler' })
      cpSync(PYTHON_ADAPTER, join(definition.codeDir, 'lpr_lambda_adapter'), { recursive: true })
      return definition
    },
  },
]

beforeAll(() => Promise.all([buildNodeRuntime(), buildLayer(layerDir)]))
afterEach(stopLambdas)
afterAll(() => {
  removeTemporaryFiles()
  rmSync(layerDir, { recursive: true, force: true })
})

test.each(ROWS)('$title: every answer belongs to its request', async ({ modes, define }) => {
  const functions = await Promise.all(modes.map(async (mode) => ({ ...(await define(mode)), name: mode })))
  const { lambda } = await startLambda(functions)
  const targets = Object.fromEntries(modes.map((mode) => [mode, lambda.functionArn(mode)]))
  const run = { lambdaUrl: lambda.url, targets, requests: REQUESTS, maxBatchSize: BATCH_SIZE }
  expect(await runEcho(run)).toEqual(
    modes.map((mode) => ({ mode, right: REQUESTS, wrong: [], largestBatch: BATCH_SIZE })),
  )
})

function withLayer() {
  return { AWS_LAMBDA_EXEC_WRAPPER: join(layerDir, 'opt/lpr/exec-wrapper') }
}

function source(name: string): string {
  return readFileSync(new URL(`./echo/${name}`, import.meta.url), 'utf8')
}

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
