import { fileURLToPath } from 'node:url'
import * as esbuild from 'esbuild'
import type { LocalFunction } from '../src/local-lambda/index.ts'
import {
  buildNodeRuntime,
  makeFunction,
  removeTemporaryFiles,
  startLambda,
  stopLambdas,
} from '../src/local-lambda/test-functions.ts'
import { type EchoMode, runEcho } from './end-to-end.ts'
import { javaFunction, javaLauncher } from './java.ts'
import { nativeFunction } from './native.ts'

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
]

beforeAll(buildNodeRuntime)
afterEach(stopLambdas)
afterAll(removeTemporaryFiles)

test.each(ROWS)('$title: every answer belongs to its request', async ({ modes, define }) => {
  const functions = await Promise.all(modes.map(async (mode) => ({ ...(await define(mode)), name: mode })))
  const { lambda } = await startLambda(functions, { launchers: [javaLauncher] })
  const targets = Object.fromEntries(modes.map((mode) => [mode, lambda.functionArn(mode)]))
  const run = { lambdaUrl: lambda.url, targets, requests: REQUESTS, maxBatchSize: BATCH_SIZE }
  expect(await runEcho(run)).toEqual(
    modes.map((mode) => ({ mode, right: REQUESTS, wrong: [], largestBatch: BATCH_SIZE })),
  )
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
