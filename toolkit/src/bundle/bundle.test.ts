import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { formatFinding } from '../errors.ts'
import type { JsonObject } from '../json.ts'
import type { Bundleable } from './build-options.ts'
import { bundleAll, bundleFunctions } from './bundle.ts'
import { helperPids, stopBundler } from './helper-process.ts'

let root: string

beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'lpr-bundle-'))
})
afterEach(() => rmSync(root, { recursive: true, force: true }))
afterAll(() => stopBundler())

function source(files: Record<string, string>): void {
  for (const [name, text] of Object.entries(files)) {
    mkdirSync(join(root, 'src', name, '..'), { recursive: true })
    writeFileSync(join(root, 'src', name), text)
  }
}

function fn(buildProperties: JsonObject, handler = 'app.handler'): Bundleable {
  return {
    logicalId: 'Hello',
    codeDir: join(root, 'src'),
    handler,
    metadata: { BuildMethod: 'esbuild', BuildProperties: buildProperties },
    place: { file: 'template.yaml', line: 7, column: 3 },
  }
}

function output(name: string): string {
  return readFileSync(join(root, 'out', 'Hello', name), 'utf8')
}

async function findings(one: Bundleable): Promise<string[]> {
  const result = await bundleFunctions([one], join(root, 'out'))
  return result.findings.map((finding) => formatFinding(finding).replaceAll(root, '<root>'))
}

test('a TypeScript handler becomes a CommonJS file under the name of its entry point', async () => {
  source({
    'app.ts': "import { a } from './a.ts'\nexport const handler = (): string => a",
    'a.ts': "export const a = 'x'",
  })
  const bundle = (await bundleAll([fn({ EntryPoints: ['app.ts'] })], join(root, 'out'))).get('Hello')
  expect(bundle?.codeDir).toBe(join(root, 'out', 'Hello'))
  expect(bundle?.inputs.sort()).toEqual([join(root, 'src', 'a.ts'), join(root, 'src', 'app.ts')])
  expect(output('app.js')).toContain('module.exports')
})

test('without entry points the file of the handler is built', async () => {
  source({ 'lib/main.ts': 'export const handler = 1' })
  await bundleAll([fn({}, 'lib/main.handler')], join(root, 'out'))
  expect(output('main.js')).toContain('handler')
})

test('format, extension, define, external and source map follow the build properties', async () => {
  source({ 'app.ts': "import { x } from 'not-installed'\nexport const handler = [x, STAGE]" })
  const properties = {
    EntryPoints: ['app.ts'],
    Format: 'esm',
    OutExtension: ['.js=.mjs'],
    Define: { STAGE: '"prod"' },
    External: ['not-installed'],
    Sourcemap: true,
  }
  await bundleAll([fn(properties)], join(root, 'out'))
  expect(output('app.mjs')).toMatch(/from "not-installed"[\s\S]*"prod"[\s\S]*sourceMappingURL=app.mjs.map/)
})

test('loaders may be written as pairs, as sam build wants them', async () => {
  source({ 'app.ts': "import text from './note.md'\nexport const handler = text", 'note.md': 'a note' })
  await bundleAll([fn({ EntryPoints: ['app.ts'], Loader: ['.md=text'] })], join(root, 'out'))
  expect(output('app.js')).toContain('a note')
})

test('a function without the metadata is used as it lies there', async () => {
  source({ 'app.js': '' })
  const bundles = await bundleAll([{ ...fn({}), metadata: {} }], join(root, 'out'))
  expect(bundles.get('Hello')).toEqual({ codeDir: join(root, 'src'), inputs: [join(root, 'src')] })
})

test('a handler that does not compile is reported at its own line with a remedy', async () => {
  source({ 'app.ts': 'export const handler = () => {\n  return (\n}' })
  expect(await findings(fn({ EntryPoints: ['app.ts'] }))).toEqual([
    expect.stringMatching(/^<root>\/src\/app.ts:3:1: Hello: Unexpected "}"\n +remedy: /),
  ])
})

test('a package that is not installed is reported with what to do about it', async () => {
  source({ 'app.ts': "import 'not-installed'" })
  expect(await findings(fn({ EntryPoints: ['app.ts'] }))).toEqual([
    expect.stringMatching(
      /app.ts:1:8: Hello: Could not resolve "not-installed"\n +remedy: install the package/,
    ),
  ])
})

test('a wrong code directory, entry point and build property are reported at the function', async () => {
  expect(await findings(fn({}))).toEqual([
    expect.stringMatching(/^template.yaml:7:3: .*does not exist\n +remedy: correct CodeUri/),
  ])
  source({ 'app.ts': '' })
  expect(await findings(fn({ EntryPoints: ['ap.ts'] }))).toEqual([
    expect.stringMatching(
      /^template.yaml:7:3: Hello: Could not resolve ".\/ap.ts"\n +remedy: correct the path/,
    ),
  ])
  expect(await findings(fn({ EntryPoint: ['app.ts'] }))).toEqual([
    expect.stringMatching(/^template.yaml:7:3: Hello: Metadata.BuildProperties.EntryPoint is not known/),
  ])
})

test('once the bundler has stopped, its helper process is gone', async () => {
  source({ 'app.ts': '' })
  await bundleAll([fn({ EntryPoints: ['app.ts'] })], join(root, 'out'))
  const pids = helperPids()
  expect(pids).toHaveLength(1)
  await stopBundler()
  expect(helperPids()).toEqual([])
  for (const pid of pids) expect(() => process.kill(pid, 0)).toThrow('ESRCH')
})
