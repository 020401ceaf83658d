import { execFile } from 'node:child_process'
import { mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { runMake } from '../../toolkit/src/bundle/makefile.ts'
import { invokeFunction } from '../../toolkit/src/dev/invoke.ts'
import type { LocalFunction } from '../../toolkit/src/local-lambda/api.ts'
import {
  makeFunction,
  removeTemporaryFiles,
  startLambda,
  stopLambdas,
} from '../../toolkit/src/local-lambda/test-functions.ts'
import { greet } from './greeting.ts'
import { onceOfLanguages, ROUTES } from './languages-testing.ts'
import { batchOf, httpEvent, loadedDice } from './testing.ts'

const run = promisify(execFile)
const LANGUAGES = fileURLToPath(new URL('../languages', import.meta.url))
/** Where `make test-heavy` puts the SAM CLI. */
const SAM = fileURLToPath(new URL('../../.build/sam-venv/bin/sam', import.meta.url))

afterEach(stopLambdas)
afterAll(removeTemporaryFiles)

// They compile three functions; most of what these need is compiled already for other tests.
const TIMEOUT_MS = 300_000

test(
  'with their toolchains every function in Go, Rust and Java is built, run and answers',
  async () => {
    const { status, report } = await onceOfLanguages(process.env)
    expect(report.routes).toMatchObject(ROUTES.map((path) => ({ path, problems: [], statuses: { 200: 8 } })))
    for (const route of report.routes) expect(route.skipped).toBeUndefined()
    expect(status).toBe(0)
  },
  TIMEOUT_MS,
)

const FUNCTIONS = [
  ['BufferingGoFunction', 'go', { runtime: 'provided.al2023', handler: 'buffering' }],
  ['BufferingRustFunction', 'rust', { runtime: 'provided.al2023', handler: 'buffering' }],
  ['BufferingJavaFunction', 'java', { runtime: 'java21', handler: 'demo.Greet' }],
] as const

const EVENTS = [
  httpEvent('r-1'),
  httpEvent('r-2', { queryStringParameters: { 'max-delay': 'none', a: 'grüß' } }),
  httpEvent('r-3', { queryStringParameters: { 'max-delay': '-5' } }),
]

test.each(FUNCTIONS)(
  '%s greets as the functions in TypeScript do',
  async (logicalId, folder, more) => {
    const definition = makeFunction({}, { name: logicalId, memoryMb: 512, ...more })
    const codeDir = join(LANGUAGES, folder)
    const place = { file: 'template.yaml', line: 1, column: 1 }
    expect(await runMake({ logicalId, codeDir, place }, definition.codeDir)).toEqual({ findings: [] })
    await expectGreetings(definition)
  },
  TIMEOUT_MS,
)

async function expectGreetings(definition: LocalFunction): Promise<void> {
  const { lambda } = await startLambda([definition])
  const { payload } = await invokeFunction(lambda.url, definition.name, batchOf(...EVENTS))
  const { responses } = payload as {
    responses: { id: string; statusCode: number; headers: object; body: string }[]
  }
  for (const [index, event] of EVENTS.entries()) {
    const greeting = JSON.parse(JSON.stringify(await greet(event, loadedDice(0))))
    const { body, ...head } = responses[index] ?? { body: '{}' }
    expect(head).toMatchObject({
      id: greeting.id,
      statusCode: 200,
      headers: { 'content-type': 'application/json' },
    })
    expect(JSON.parse(body)).toEqual(greeting)
  }
}

describe('sam build', () => {
  let built: string

  beforeAll(async () => {
    built = mkdtempSync(join(tmpdir(), 'lpr-sam-languages-'))
    const args = ['build', '--build-dir', join(built, 'build'), '--cache-dir', join(built, 'cache')]
    await run(SAM, args, { cwd: LANGUAGES, env: { ...process.env, SAM_CLI_TELEMETRY: '0' } })
  }, TIMEOUT_MS)
  afterAll(() => rmSync(built, { recursive: true }))

  test.each(FUNCTIONS.slice(0, 2))('makes a program of %s that greets', async (name, _folder, more) => {
    const codeDir = join(built, 'build', name)
    await expectGreetings({ ...makeFunction({}, { name, memoryMb: 512, ...more }), codeDir })
  })

  // Lambda brings the runtime that these classes need to run.
  test('makes classes of the function in Java, with the jars that they need', () => {
    const names = readdirSync(join(built, 'build', 'BufferingJavaFunction'), { recursive: true })
    expect(names.map(String).sort()).toEqual([
      'demo',
      'demo/Greet.class',
      'lib',
      expect.stringMatching(/^lib\/aws-lambda-java-core-[\d.]+\.jar$/),
      expect.stringMatching(/^lib\/lpr-lambda-adapter-[\d.]+\.jar$/),
    ])
  })
})

describe('a program in Rust that Lambda could not run is not packaged', () => {
  let artifacts: string

  beforeEach(() => {
    artifacts = mkdtempSync(join(tmpdir(), 'lpr-artifacts-'))
  })
  afterEach(() => rmSync(artifacts, { recursive: true }))

  function make(settings: string[], path = process.env.PATH) {
    const env = { ...process.env, PATH: path, ARTIFACTS_DIR: artifacts }
    return run('make', ['build-BufferingRustFunction', ...settings], { cwd: join(LANGUAGES, 'rust'), env })
  }

  test('because of the machine that built it', async () => {
    const elsewhere = join(artifacts, 'elsewhere')
    mkdirSync(elsewhere)
    writeFileSync(join(elsewhere, 'uname'), '#!/bin/sh\necho Darwin arm64\n', { mode: 0o755 })
    await expect(make([], `${elsewhere}:${process.env.PATH}`)).rejects.toMatchObject({
      stderr: expect.stringContaining(
        'what Darwin arm64 builds does not run on Lambda: build on Linux x86_64',
      ),
    })
    expect(readdirSync(artifacts)).toEqual(['elsewhere'])
  })

  test(
    'because of the C library that it needs',
    async () => {
      await expect(make(['LIBC=GLIBC_2.17'])).rejects.toMatchObject({
        stderr: expect.stringMatching(
          /needs GLIBC_2\.\d+ and Lambda has GLIBC_2\.17: build on an older Linux/,
        ),
      })
      expect(readdirSync(artifacts)).toEqual([])
    },
    TIMEOUT_MS,
  )
})
