import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { formatFinding } from '../errors.ts'
import type { JsonObject } from '../json.ts'
import { isAlive } from '../local-lambda/test-functions.ts'
import type { LayerResource } from '../template/layers.ts'
import { bundleFunctions } from './bundle.ts'
import { stopBundler } from './helper-process.ts'
import { buildLayers, mergeLayers } from './layers.ts'
import { stopMakes } from './makefile.ts'

let root: string

beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'lpr-bundle-layers-'))
})
afterEach(() => rmSync(root, { recursive: true, force: true }))
afterAll(() => stopBundler())

function write(path: string, text: string): void {
  mkdirSync(dirname(join(root, path)), { recursive: true })
  writeFileSync(join(root, path), text)
}

function layer(logicalId: string, metadata: JsonObject = {}): LayerResource {
  const place = { file: 'template.yaml', line: 3, column: 3 }
  return { logicalId, contentDir: join(root, logicalId), metadata, place }
}

const out = () => join(root, 'out')
const read = (...path: string[]) => readFileSync(join(...path), 'utf8')
const MAKEFILE = { BuildMethod: 'makefile' }

test('a layer without a build is used as it lies there', async () => {
  write('Plain/bin/tool', 'x')
  const { built, findings } = await buildLayers([layer('Plain')], out())
  expect(built.map(({ dir }) => dir)).toEqual([join(root, 'Plain')])
  expect(findings).toEqual([])
})

test('a layer with a Makefile is what its target puts into ARTIFACTS_DIR', async () => {
  write('Made/Makefile', 'build-Made:\n\techo made by $(MAKELEVEL) > "$(ARTIFACTS_DIR)/it"\n')
  const { built, findings } = await buildLayers([layer('Made', MAKEFILE)], out())
  expect(findings).toEqual([])
  expect(read(built[0]?.dir ?? '', 'it')).toBe('made by 0\n')
})

test('what cannot be built is reported with its place, its output and what to do', async () => {
  write('Failing/Makefile', 'build-Failing:\n\t@echo the reason; exit 3\n')
  const { built, findings } = await buildLayers([layer('Failing', MAKEFILE), layer('Missing')], out())
  expect(built).toEqual([])
  const texts = findings.map((finding) => formatFinding(finding).replaceAll(root, '<root>'))
  expect(texts[0]).toMatch(/^template.yaml:3:3: Failing: make ended with status 2\nthe reason\n/)
  expect(texts[0]).toContain('remedy: make the target build-Failing work in <root>/Failing')
  expect(texts[1]).toMatch(/Missing: the layer's directory <root>\/Missing does not exist/)
})

test('a build that is under way can be stopped, with what it has started', async () => {
  write('Slow/Makefile', 'build-Slow:\n\t@echo $$$$ > pid; sleep 600; sleep 600\n')
  const building = buildLayers([layer('Slow', MAKEFILE)], out())
  const pidFile = join(root, 'Slow', 'pid')
  while (!existsSync(pidFile) || read(pidFile) === '') await new Promise((resolve) => setImmediate(resolve))
  await stopMakes()
  const { findings } = await building
  expect(findings).toHaveLength(1)
  expect(isAlive(Number(read(pidFile)))).toBe(false)
})

test('without make there is one line that says so', async () => {
  write('Made/Makefile', '')
  const path = process.env.PATH
  process.env.PATH = root
  const { findings } = await buildLayers([layer('Made', MAKEFILE)], out())
  process.env.PATH = path
  expect(findings.map(formatFinding)).toEqual([
    'template.yaml:3:3: Made: cannot start make: spawn make ENOENT\n    remedy: install make',
  ])
})

test('functions are built by their Makefiles too', async () => {
  write('Fn/Makefile', 'build-Fn:\n\tcp app.py "$(ARTIFACTS_DIR)/"\n')
  write('Fn/app.py', 'pass')
  const fn = { ...layer('Fn', MAKEFILE), codeDir: join(root, 'Fn'), handler: 'app.handler' }
  const { bundles, findings } = await bundleFunctions([fn], out())
  expect(findings).toEqual([])
  expect(bundles.get('Fn')).toEqual({ codeDir: join(out(), 'Fn'), inputs: [join(root, 'Fn')] })
  expect(read(out(), 'Fn', 'app.py')).toBe('pass')
})

test('a function whose Makefile misses a command is no mistake, but has nothing to run', async () => {
  write('Fn/Makefile', 'build-Fn:\n\t@echo compiling >&2; echo "no lisp: install Lisp" >&2; exit 127\n')
  const fn = { ...layer('Fn', MAKEFILE), codeDir: join(root, 'Fn'), handler: 'bootstrap' }
  const progress: string[] = []
  const { bundles, findings } = await bundleFunctions([fn], out(), (line) => progress.push(line))
  expect(findings).toEqual([])
  expect(bundles.get('Fn')?.missing).toBe('no lisp: install Lisp')
  expect(progress).toEqual(['[Fn] compiling'])
})

test('a command that a recipe calls unasked is missed in the words of make', async () => {
  write('Fn/Makefile', 'build-Fn:\n\t@no-such-compiler app\n')
  const fn = { ...layer('Fn', MAKEFILE), codeDir: join(root, 'Fn'), handler: 'bootstrap' }
  const { bundles } = await bundleFunctions([fn], out())
  expect(bundles.get('Fn')?.missing).toMatch(/no-such-compiler/)
})

test('a Makefile knows that it builds for this machine', async () => {
  write('Fn/Makefile', 'build-Fn:\n\t@echo "$(LPR_DEV)" > "$(ARTIFACTS_DIR)/dev"\n')
  const fn = { ...layer('Fn', MAKEFILE), codeDir: join(root, 'Fn'), handler: 'bootstrap' }
  await bundleFunctions([fn], out())
  expect(read(out(), 'Fn', 'dev')).toBe('1\n')
})

test('of several layers the later one wins, as in Lambda', async () => {
  write('One/a', 'one')
  write('One/b', 'one')
  write('Two/b', 'two')
  const { built } = await buildLayers([layer('One'), layer('Two')], out())
  const merged = mergeLayers(built, join(out(), 'opt')) ?? ''
  expect([read(merged, 'a'), read(merged, 'b')]).toEqual(['one', 'two'])
  expect(mergeLayers(built.slice(0, 1), join(out(), 'other'))).toBe(join(root, 'One'))
  expect(mergeLayers([], join(out(), 'none'))).toBeUndefined()
})
