import { execFile } from 'node:child_process'
import { cpSync, mkdtempSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { buildLayer } from '../../../scripts/build-layer.mjs'
import { layerDir, optDir, removeAll } from './support.ts'

const run = promisify(execFile)
const wrapper = join(optDir, 'lpr/exec-wrapper')

beforeAll(() => buildLayer(layerDir))
afterAll(removeAll)

/** Runs the wrapper as the platform does: the variables of the environment and the command of the runtime. */
async function start(env: Record<string, string>, command: string[], program = wrapper) {
  const path = { PATH: process.env.PATH ?? '' }
  try {
    const { stdout, stderr } = await run(program, command, { env: { ...path, ...env } })
    return { status: 0, stdout, stderr }
  } catch (error) {
    const { code, stdout, stderr } = error as { code: number; stdout: string; stderr: string }
    return { status: code, stdout, stderr }
  }
}

const PRINT = ['sh', '-c', 'echo "$_HANDLER $LPR_HANDLER $PYTHONPATH $*"', 'sh', 'a b', 'c']

test('the runtime starts with its own arguments and our handler, and the name of the user’s is kept', async () => {
  const env = { _HANDLER: 'src/app.handler', AWS_EXECUTION_ENV: 'AWS_Lambda_nodejs24.x' }
  const { stdout, stderr } = await start(env, PRINT)
  expect(stdout).toBe(`${optDir}/lpr/node/handler.handler src/app.handler  a b c\n`)
  expect(stderr).toBe('')
})

test.each([
  [{}, '/opt/lpr/python'],
  [{ PYTHONPATH: '/var/runtime' }, '/opt/lpr/python:/var/runtime'],
])('the Python runtime finds our module beside its own, %j', async (more: Record<string, string>, path) => {
  const env = { _HANDLER: 'app.handler', AWS_EXECUTION_ENV: 'AWS_Lambda_python3.14', ...more }
  const { stdout } = await start(env, PRINT)
  expect(stdout).toBe(`lpr_layer.handler.handler app.handler ${path.replace('/opt', optDir)} a b c\n`)
})

test('the wrapper replaces itself by the runtime', async () => {
  const env = { _HANDLER: 'app.handler', AWS_EXECUTION_ENV: 'AWS_Lambda_nodejs24.x' }
  const child = execFile(wrapper, ['sh', '-c', 'echo $$'], { env: { ...env, PATH: process.env.PATH } })
  const chunks: string[] = []
  child.stdout?.on('data', (chunk) => chunks.push(String(chunk)))
  await new Promise((resolve) => child.once('close', resolve))
  expect(chunks.join('').trim()).toBe(String(child.pid))
})

test('a runtime that does not say what it is goes by its program', async () => {
  const node = await start({ _HANDLER: 'app.handler' }, [process.execPath, '-p', 'process.env._HANDLER'])
  expect(node.stdout).toBe(`${optDir}/lpr/node/handler.handler\n`)
})

const FINE = { _HANDLER: 'app.handler', AWS_EXECUTION_ENV: 'AWS_Lambda_nodejs24.x' }

test.each([
  ['no command', FINE, [], 'expected the command of the runtime as arguments, got none'],
  [
    'no handler',
    { AWS_EXECUTION_ENV: 'AWS_Lambda_nodejs24.x' },
    PRINT,
    'expected the name of the handler in _HANDLER',
  ],
  [
    'another runtime',
    { ...FINE, AWS_EXECUTION_ENV: 'AWS_Lambda_java25' },
    PRINT,
    'expected a runtime for Node.js or Python, got AWS_Lambda_java25',
  ],
  [
    'a program that nobody knows',
    { _HANDLER: 'app.handler' },
    ['bash', '-c', 'true'],
    'expected a runtime for Node.js or Python, got bash',
  ],
])('with %s it stops, and says so in one line', async (_, env, command, message) => {
  const { status, stdout, stderr } = await start(env as Record<string, string>, command)
  expect([status, stdout]).toEqual([1, ''])
  expect(stderr.split('\n')).toEqual([expect.stringMatching(/^lpr: /), ''])
  expect(stderr).toContain(message)
})

test('a layer that is not complete is noticed', async () => {
  const part = mkdtempSync(join(layerDir, 'part-'))
  cpSync(wrapper, join(part, 'exec-wrapper'))
  const { status, stderr } = await start(FINE, PRINT, join(part, 'exec-wrapper'))
  expect(status).toBe(1)
  expect(stderr).toBe(
    `lpr: expected ${part}/node/handler.mjs, which is not there: the layer is not complete\n`,
  )
  rmSync(part, { recursive: true })
})
