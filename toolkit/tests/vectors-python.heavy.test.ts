import { cpSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { applies, FEATURES, invokeTarget, loadVectors, runVector, type Target } from '@lpr/contract/vectors'
import { sdkClient } from '../src/conformance/invoke-client.ts'
import type { LocalFunction, RuntimeLauncher } from '../src/local-lambda/index.ts'
import { startLambda, stopLambdas } from '../src/local-lambda/test-functions.ts'

/** Where `make test-heavy` puts the runtime interface client of Lambda's own Python runtime. */
const python = join(process.cwd(), '.build/venv/bin/python')
const codeDir = mkdtempSync(join(tmpdir(), 'lpr-vectors-'))
const HANDLERS = ['async_function', 'plain_function']
const NOT_IN_PYTHON = ['node-streams', 'web-streams', 'throw-anything']

const launcher: RuntimeLauncher = {
  runtimes: 'python3.<version>',
  supports: (runtime) => runtime.startsWith('python3.'),
  commandLine: ({ handler }) => ({ command: python, args: ['-m', 'awslambdaric', handler] }),
}

const targets = new Map<string, Target>()

beforeAll(async () => {
  copyCode()
  const { client } = await startLambda(HANDLERS.map(pythonFunction), { launchers: [launcher] })
  const features = FEATURES.filter((feature) => !NOT_IN_PYTHON.includes(feature))
  for (const name of HANDLERS)
    targets.set(name, invokeTarget(features, { buffered: name }, sdkClient(client)))
})
afterAll(async () => {
  await stopLambdas()
  rmSync(codeDir, { recursive: true, force: true })
})

/** The function's package: the adapter, the script handler, and the handlers that join them. */
function copyCode(): void {
  const sources = [
    '../../lambda-kit/adapter-python/src/lpr_lambda_adapter',
    '../../lambda-kit/adapter-python/tests/vector_function.py',
    '../../contract/vectors/handlers/script_handler.py',
  ]
  for (const source of sources) {
    const path = fileURLToPath(new URL(source, import.meta.url))
    cpSync(path, join(codeDir, path.split('/').at(-1) ?? ''), { recursive: true })
  }
}

function pythonFunction(name: string): LocalFunction {
  return {
    name,
    codeDir,
    handler: `vector_function.${name}`,
    runtime: 'python3.13',
    environment: { AWS_EXECUTION_ENV: 'AWS_Lambda_python3.13' },
    timeoutMs: 30_000,
    memoryMb: 128,
  }
}

describe.each(HANDLERS)(
  'a Python function behind the Invoke API answers as the contract says, %s',
  (name) => {
    const vectors = loadVectors().filter(({ modes, requires = [] }) => {
      return modes.includes('buffered') && !requires.some((feature) => NOT_IN_PYTHON.includes(feature))
    })

    it.each(vectors)('$name', async (vector) => {
      const target = targets.get(name)
      if (target === undefined) throw new Error(`no function ${name}`)
      expect(applies(vector, target)).toBe(true)
      expect(await runVector(vector, 'buffered', target)).toEqual([])
    })
  },
)
