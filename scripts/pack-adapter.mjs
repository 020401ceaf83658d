// Packs the Node adapter as it is published: with the version from the VERSION file, and without what only this
// repository needs. Prints the path of the tarball.
//   node scripts/pack-adapter.mjs [directory for the tarball]
import { execFileSync } from 'node:child_process'
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import { buildAdapter } from './build-adapter.mjs'

const root = dirname(dirname(fileURLToPath(import.meta.url)))
const source = join(root, 'lambda-kit/adapter-node')
const target = resolve(process.argv[2] ?? source)

mkdirSync(target, { recursive: true })
const stage = mkdtempSync(join(tmpdir(), 'lpr-pack-'))
try {
  await buildAdapter(join(stage, 'dist'))
  cpSync(join(source, 'README.md'), join(stage, 'README.md'))
  cpSync(join(root, 'LICENSE'), join(stage, 'LICENSE'))
  writeFileSync(join(stage, 'package.json'), `${JSON.stringify(manifest(), null, 2)}\n`)
  const pack = ['pack', '--json', '--loglevel=error', '--pack-destination', target]
  const [{ filename }] = JSON.parse(execFileSync('npm', pack, { cwd: stage, encoding: 'utf8' }))
  console.log(join(target, filename))
} finally {
  rmSync(stage, { recursive: true })
}

/** The published package.json: stamped, public, and without the condition that points at sources it does not have. */
function manifest() {
  const {
    private: _private,
    scripts: _scripts,
    ...fields
  } = JSON.parse(readFileSync(join(source, 'package.json'), 'utf8'))
  delete fields.exports['.']['lpr-source']
  const version = readFileSync(join(root, 'VERSION'), 'utf8').trim()
  return { name: fields.name, version, ...fields }
}
