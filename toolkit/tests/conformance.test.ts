import { execFile, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { FEATURES, loadVectors, MODES } from '@lpr/contract/vectors'
import * as esbuild from 'esbuild'
import type { CaseReport } from '../src/conformance/cases.ts'
import type { ConformanceReport } from '../src/conformance/report.ts'
import { LocalLambda } from '../src/local-lambda/index.ts'
import { isAlive } from '../src/local-lambda/test-functions.ts'

/** The built command against functions in processes of their own: one that is right, and one that is not. */

const path = (relative: string) => fileURLToPath(new URL(relative, import.meta.url))
const LPR = path('../bin/lpr.mjs')
const RUNTIME = path('../dist/node-runtime.mjs')
let codeDir = ''

beforeAll(async () => {
  codeDir = mkdtempSync(join(tmpdir(), 'lpr-conformance-'))
  await bundle('../../lambda-kit/adapter-node/tests/vector-app.ts', 'app.mjs')
  await bundle('./wrong-adapter.ts', 'wrong.mjs')
})
afterAll(() => rmSync(codeDir, { recursive: true, force: true }))

async function bundle(entry: string, name: string): Promise<void> {
  await esbuild.build({
    entryPoints: [path(entry)],
    outfile: join(codeDir, name),
    bundle: true,
    platform: 'node',
    format: 'esm',
    conditions: ['lpr-source'],
    logLevel: 'warning',
  })
}

/** The command of a function: Node.js with the handler `<module>.<mode>`, the mode being what `lpr` says. */
function commandOf(module: string): string {
  return `LAMBDA_TASK_ROOT=${codeDir} _HANDLER=${module}.$_HANDLER exec ${process.execPath} ${RUNTIME}`
}

interface Finished {
  code: number
  stdout: string
  stderr: string
}

function lpr(args: string[], environment: Record<string, string> = {}): Promise<Finished> {
  const env = { PATH: process.env.PATH ?? '', ...environment }
  return new Promise((resolve) => {
    execFile(process.execPath, [LPR, ...args], { env }, (error, stdout, stderr) => {
      resolve({ code: error ? Number(error.code) : 0, stdout, stderr })
    })
  })
}

const reportIn = ({ stdout }: Finished): ConformanceReport => JSON.parse(stdout)

function named(cases: CaseReport[], result: CaseReport['result']): string[] {
  return cases.filter((one) => one.result === result).map(({ name }) => name)
}

test('a command whose adapter is right passes every case of every mode', async () => {
  const args = ['conformance', '--command', commandOf('app'), '--modes', MODES.join(','), '-o', 'json']
  const finished = await lpr(args)
  const { ok, counts, cases } = reportIn(finished)
  expect(cases.filter(({ result }) => result !== 'passed')).toEqual([])
  const all = loadVectors().flatMap(({ modes }) => modes).length
  expect({ code: finished.code, ok, counts }).toEqual({
    code: 0,
    ok: true,
    counts: { passed: all, failed: 0, notApplicable: 0 },
  })
}, 120_000)

test('the faults of a wrong adapter are named, case by case', async () => {
  const finished = await lpr(['conformance', '--command', commandOf('wrong'), '-o', 'json'])
  const { ok, cases } = reportIn(finished)
  expect({ code: finished.code, ok }).toEqual({ code: 1, ok: false })
  expect(named(cases, 'passed')).toEqual(expect.arrayContaining(['batch-of-one', 'throw-all']))
  const problemsOf = (name: string) => cases.find((one) => one.name === name)?.problems
  expect(problemsOf('version-unknown')).toEqual([expect.stringMatching(/^expected an error, got /)])
  expect(problemsOf('order-of-answers')).toEqual(
    expect.arrayContaining([expect.stringMatching(/^ids: expected \[.*\], got \[/)]),
  )
  expect(problemsOf('return-string')).toEqual(
    expect.arrayContaining([expect.stringMatching(/^response 0: expected .*application\/json/)]),
  )
}, 120_000)

test('people get a line for each case, and what the adapter lacks is not applicable', async () => {
  const args = ['conformance', '--command', commandOf('wrong'), '--lacks', 'streams,node-streams,web-streams']
  const { code, stdout } = await lpr(args)
  expect(code).toBe(1)
  expect(stdout).toMatch(/^passed {2}buffered {5}batch-of-one$/m)
  expect(stdout).toMatch(/^FAILED {2}buffered {5}version-unknown\n {10}expected an error, got /m)
  expect(stdout).toMatch(/^n\/a {5}buffered {5}stream-of-node {2}lacks node-streams$/m)
  expect(stdout.trimEnd()).toMatch(/\d+ passed, \d+ failed, \d+ not applicable$/)
}, 120_000)

test('a signal ends the command that was started, too', async () => {
  const command = 'echo started as $$; exec sleep 600'
  const child = spawn(process.execPath, [LPR, 'conformance', '--command', command, '--verbose'])
  const exited = once(child, 'exit')
  let said = ''
  for await (const text of child.stderr.setEncoding('utf8')) {
    said += text
    if (/started as \d+\n/.test(said)) break
  }
  child.kill('SIGINT')
  expect(await exited).toEqual([1, null])
  expect(isAlive(Number(/started as (\d+)/.exec(said)?.[1]))).toBe(false)
}, 60_000)

test('functions behind the Invoke API are tested by their names, one for each mode', async () => {
  const functions = ['buffered', 'stream'].map((mode) => ({
    name: `my-${mode}`,
    codeDir,
    handler: `app.${mode}`,
    runtime: 'nodejs24.x',
    environment: {},
    timeoutMs: 30_000,
    memoryMb: 256,
  }))
  const lambda = await LocalLambda.start({ functions, nodeRuntimePath: RUNTIME })
  try {
    const names = [
      '--function',
      'buffered=my-buffered',
      '--function',
      `stream=${lambda.functionArn('my-stream')}`,
    ]
    // What takes long is left to the other tests.
    const lacks = FEATURES.join(',')
    const args = ['conformance', ...names, '--lacks', lacks, '-o', 'json']
    const finished = await lpr(args, { AWS_ENDPOINT_URL_LAMBDA: lambda.url })
    const { ok, counts, cases } = reportIn(finished)
    expect({ code: finished.code, ok, failed: counts.failed }).toEqual({ code: 0, ok: true, failed: 0 })
    expect(new Set(cases.map(({ mode }) => mode))).toEqual(new Set(['buffered', 'stream']))
    expect(counts.notApplicable).toBeGreaterThan(40)

    const missing = await lpr(['conformance', '--function', 'nobody', '--endpoint', lambda.url, '-o', 'json'])
    expect(missing.code).toBe(1)
    expect(JSON.parse(missing.stdout)).toMatchObject({
      ok: false,
      findings: [{ message: expect.stringMatching(/^cannot invoke nobody \(buffered\): ResourceNotFound/) }],
    })
  } finally {
    await lambda.stop()
  }
}, 120_000)
