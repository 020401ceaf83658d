import { chmodSync, existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { whyNotStarted } from './launcher.ts'
import { pythonLauncher } from './python-launcher.ts'
import { makeFunction, removeTemporaryFiles } from './test-functions.ts'

const definition = makeFunction({ 'app.py': '' }, { runtime: 'python3.13' })
const realPath = process.env.PATH
let folder: string

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'lpr-python-'))
  process.env.PATH = folder
})
afterEach(() => {
  process.env.PATH = realPath
  rmSync(folder, { recursive: true, force: true })
})
afterAll(removeTemporaryFiles)

/** A program that calls itself a Python of this version, at that path. */
function python(name: string, says: string): void {
  writeFileSync(join(folder, name), `#!/bin/sh\n${says}\n`)
  chmodSync(join(folder, name), 0o755)
}

const command = () => pythonLauncher().commandLine(definition).command

test('the Python that the runtime asks for comes before any other', () => {
  python('python3', 'echo 12 /pythons/3.12')
  expect(command()).toBe('/pythons/3.12')
  python('python3.13', 'echo 13 /pythons/3.13')
  expect(command()).toBe('/pythons/3.13')
})

test('a program that does not start, as a version manager has them, is passed over', () => {
  python('python3.13', 'echo "python3.13: command not found" >&2; exit 127')
  python('python3', 'echo 11 /pythons/3.11')
  expect(command()).toBe('/pythons/3.11')
})

test('a later entry of the PATH is taken when an earlier one is too old', () => {
  python('python3', 'echo 8 /pythons/3.8')
  const other = join(folder, 'other')
  mkdirSync(other)
  process.env.PATH = `${folder}:${other}`
  expect(whyNotStarted(definition, [pythonLauncher()])).toBe(
    '/pythons/3.8 is Python 3.8, too old: install Python 3.10 or later',
  )
  python('other/python3', 'echo 10 /pythons/3.10')
  expect(command()).toBe('/pythons/3.10')
})

test('without any Python a function is not started, and says what to do', () => {
  expect(whyNotStarted(definition, [pythonLauncher()])).toBe(
    'no python3 on the PATH: install Python 3.10 or later',
  )
})

test('the runtime is there and needs no package', () => {
  python('python3', 'echo 12 /pythons/3.12')
  const { args } = pythonLauncher().commandLine(definition)
  expect(args.slice(0, -1)).toEqual(['-u', '-B', '-X', 'utf8'])
  expect(existsSync(args.at(-1) ?? '')).toBe(true)
})
