import { execFileSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { type Analysis, checkPackage, createPackageFromTarballData } from '@arethetypeswrong/core'
import { publint } from 'publint'

/** What a user of the published package gets, on Node.js as it is and without this repository around. */

const root = fileURLToPath(new URL('../../../', import.meta.url))
const version = readFileSync(join(root, 'VERSION'), 'utf8').trim()
let project = ''
let tarball = ''

beforeAll(() => {
  project = mkdtempSync(join(tmpdir(), 'lpr-consumer-'))
  tarball = run(join(root, 'scripts/pack-adapter.mjs'), project)
  const installed = join(project, 'node_modules/lpr-lambda-adapter')
  mkdirSync(installed, { recursive: true })
  execFileSync('tar', ['xzf', tarball, '-C', installed, '--strip-components=1'])
}, 120_000)
afterAll(() => rmSync(project, { recursive: true, force: true }))

function run(...command: string[]): string {
  return execFileSync(process.execPath, command, { cwd: project, encoding: 'utf8' }).trim()
}

function write(name: string, text: string): string {
  writeFileSync(join(project, name), text)
  return name
}

const script = `
const event = { v: 1, meta: {}, batch: [{ requestContext: { requestId: 'a' } }] }
batchAdapter(() => 'hi')(event).then(({ responses: [{ id, body }] }) => {
  console.log(id, body, typeof batchAdapterStream)
})
`

test('it can be imported', () => {
  const name = write(
    'use.mjs',
    `import { batchAdapter, batchAdapterStream } from 'lpr-lambda-adapter'${script}`,
  )
  expect(run(name)).toBe('a hi function')
})

test('it can be required', () => {
  const name = write(
    'use.cjs',
    `const { batchAdapter, batchAdapterStream } = require('lpr-lambda-adapter')${script}`,
  )
  expect(run(name)).toBe('a hi function')
})

test('imported and required it is one and the same', () => {
  const text = `import { createRequire } from 'node:module'
import { batchAdapter } from 'lpr-lambda-adapter'
console.log(batchAdapter === createRequire(import.meta.url)('lpr-lambda-adapter').batchAdapter)`
  expect(run(write('same.mjs', text))).toBe('true')
})

test.each(['mts', 'cts'])(
  'its types hold for a .%s file, without those of Node.js or the DOM',
  (extension) => {
    const text = `import { batchAdapter, batchAdapterStream, type HttpEvent } from 'lpr-lambda-adapter'
export const whole = batchAdapter(async (event, context) => event.rawPath.length + context.getRemainingTimeInMillis())
export const one = (event: HttpEvent) => whole(event)
export const many = (event: HttpEvent) =>
  whole({ v: 1, meta: { router: '', route: '', receivedAtMs: 0 }, batch: [event] }).then((answer) => answer.responses[0]?.statusCode)
export const streamed = batchAdapterStream((event: { id: string }, { signal }) => (signal.aborted ? '' : event.id))
// @ts-expect-error concurrency is a number
batchAdapter(() => '', { concurrency: 'many' })
`
    const options = {
      module: 'nodenext',
      target: 'es2022',
      lib: ['es2022'],
      types: [],
      strict: true,
      noEmit: true,
    }
    const files = [write(`use.${extension}`, text)]
    write('tsconfig.json', JSON.stringify({ compilerOptions: options, files }))
    expect(run(join(root, 'node_modules/typescript/bin/tsc'), '-p', 'tsconfig.json')).toBe('')
  },
)

test('publint finds nothing to say', async () => {
  const bytes = readFileSync(tarball)
  const pack = { tarball: bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.byteLength) }
  const { messages } = await publint({ pack, level: 'suggestion', strict: true })
  expect(messages).toEqual([])
})

test('its types are right for every way in which TypeScript resolves modules', async () => {
  const { types, problems } = (await checkPackage(
    createPackageFromTarballData(readFileSync(tarball)),
  )) as Analysis
  expect({ types: types.kind, problems }).toEqual({ types: 'included', problems: [] })
})

test('it loads no other module, so that every bundler can take it as it is', () => {
  const code = readFileSync(join(project, 'node_modules/lpr-lambda-adapter/dist/index.cjs'), 'utf8')
  expect([...code.matchAll(/\brequire\("([^"]+)"\)|\bimport\(/g)].map(([, name]) => name)).toEqual([])
})

test('it is small, carries the version of the repository, and depends on nothing', () => {
  const manifest = JSON.parse(
    readFileSync(join(project, 'node_modules/lpr-lambda-adapter/package.json'), 'utf8'),
  )
  expect(manifest.version).toBe(version)
  expect(manifest).not.toHaveProperty('dependencies')
  expect(manifest).not.toHaveProperty('private')
  expect(statSync(tarball).size).toBeLessThan(20_000)
})

test('it holds what is needed and nothing else', () => {
  const files = execFileSync('tar', ['tzf', tarball], { encoding: 'utf8' }).trim().split('\n').sort()
  const declarations = ['batch', 'index', 'stream', 'types', 'wire'].flatMap((name) =>
    ['cts', 'mts'].map((kind) => `package/dist/${name}.d.${kind}`),
  )
  const others = ['LICENSE', 'README.md', 'package.json', 'dist/index.cjs', 'dist/index.mjs'].map(
    (name) => `package/${name}`,
  )
  expect(files).toEqual([...declarations, ...others].sort())
})
