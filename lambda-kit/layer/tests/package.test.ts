import { execFile } from 'node:child_process'
import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { buildLayer } from '../../../scripts/build-layer.mjs'
import { zip } from '../../../scripts/zip.mjs'

const run = promisify(execFile)
const directory = mkdtempSync(join(tmpdir(), 'lpr-layer-package-'))

beforeAll(() => buildLayer(directory))
afterAll(() => rmSync(directory, { recursive: true, force: true }))

const archive = () => readFileSync(join(directory, 'lpr-layer.zip'))

test('building twice gives the same bytes', async () => {
  const first = archive()
  await buildLayer(directory)
  expect(archive().equals(first)).toBe(true)
})

test('the bytes depend on contents, not on the order of the files', () => {
  const files = [
    { name: 'b', mode: 0o644, bytes: Buffer.from('two') },
    { name: 'a', mode: 0o755, bytes: Buffer.from('one') },
  ]
  expect(zip(files).equals(zip(files.toReversed()))).toBe(true)
})

test('the archive is what lies beside it, in order, with the wrapper executable', () => {
  const entries = centralDirectory(archive())
  const names = entries.map(({ name }) => name)
  expect(names).toEqual([...names].sort())
  expect(names).toEqual(filesIn(join(directory, 'opt')))
  for (const { name, mode, bytes } of entries) {
    expect(bytes.equals(readFileSync(join(directory, 'opt', name)))).toBe(true)
    expect(mode).toBe(statSync(join(directory, 'opt', name)).mode)
    expect(mode & 0o777).toBe(name === 'lpr/exec-wrapper' ? 0o755 : 0o644)
  }
})

test('everything lies under lpr/, so that other layers have nothing to fear', () => {
  expect(filesIn(join(directory, 'opt')).filter((name) => !name.startsWith('lpr/'))).toEqual([])
})

test('nothing in it depends on the processor, and it is small', () => {
  const names = filesIn(join(directory, 'opt'))
  expect(names.filter((name) => /\.(so|node|pyc|wasm)$/.test(name))).toEqual([])
  // A function and its layers have 250 MB together, unpacked; ours should not be felt.
  expect(archive().length).toBeLessThan(150_000)
})

test('the wrapper is plain sh', async () => {
  const script = join(directory, 'opt/lpr/exec-wrapper')
  expect(readFileSync(script, 'utf8')).toMatch(/^#!\/bin\/sh\n/)
  await run('sh', ['-n', script])
})

/** The files of an archive that compresses nothing, as its directory lists them. */
function centralDirectory(bytes: Buffer) {
  const end = bytes.lastIndexOf(Buffer.from([0x50, 0x4b, 5, 6]))
  const count = bytes.readUInt16LE(end + 10)
  let at = bytes.readUInt32LE(end + 16)
  return Array.from({ length: count }, () => {
    const [nameLength, size] = [bytes.readUInt16LE(at + 28), bytes.readUInt32LE(at + 20)]
    const [mode, local] = [bytes.readUInt32LE(at + 38) >>> 16, bytes.readUInt32LE(at + 42)]
    const name = bytes.toString('utf8', at + 46, at + 46 + nameLength)
    at += 46 + nameLength
    const data = local + 30 + nameLength
    return { name, mode, bytes: bytes.subarray(data, data + size) }
  })
}

function filesIn(root: string): string[] {
  return readdirSync(root, { recursive: true, encoding: 'utf8' })
    .filter((name) => statSync(join(root, name)).isFile())
    .sort()
}
