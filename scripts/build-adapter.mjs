// Builds the Node adapter: the code, an entry for either module system, and declarations for either.
import { execFileSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import * as esbuild from 'esbuild'

const root = dirname(dirname(fileURLToPath(import.meta.url)))
const RELATIVE_IMPORT = /(from ')(\.\/[^']+?)\.(?:ts|js)(')/g

/** Writes all that the package ships, apart from its texts, into `outDir`. */
export async function buildAdapter(outDir) {
  mkdirSync(outDir, { recursive: true })
  await esbuild.build({
    entryPoints: [join(root, 'lambda-kit/adapter-node/src/index.ts')],
    outfile: join(outDir, 'index.cjs'),
    bundle: true,
    platform: 'node',
    target: 'node20.19',
    format: 'cjs',
    logLevel: 'warning',
  })
  writeModuleEntry(outDir)
  writeTypes(outDir)
}

/** The code ships once: a function that both imports and requires it gets one instance, and half the bytes. */
function writeModuleEntry(outDir) {
  const names = Object.keys(createRequire(join(outDir, 'index.cjs'))('./index.cjs')).sort()
  const lines = [
    "import adapter from './index.cjs'",
    '',
    `export const { ${names.join(', ')} } = adapter`,
    '',
  ]
  writeFileSync(join(outDir, 'index.mjs'), lines.join('\n'))
}

/** Twice, as .d.mts and .d.cts: a declaration of the wrong kind describes a module that is not there. */
function writeTypes(outDir) {
  const emitted = mkdtempSync(join(tmpdir(), 'lpr-types-'))
  try {
    const compiler = ['node_modules/typescript/bin/tsc', '-p', 'lambda-kit/adapter-node/tsconfig.json']
    execFileSync(process.execPath, [...compiler, '--outDir', emitted], { cwd: root, stdio: 'inherit' })
    for (const [name, text] of reachable(emitted, './index')) {
      for (const kind of ['m', 'c']) {
        const declarations = text.replace(RELATIVE_IMPORT, `$1$2.${kind}js$3`)
        writeFileSync(join(outDir, `${name}.d.${kind}ts`), declarations)
      }
    }
  } finally {
    rmSync(emitted, { recursive: true })
  }
}

function reachable(directory, name, found = new Map()) {
  if (found.has(name)) return found
  const text = readFileSync(join(directory, `${name}.d.ts`), 'utf8')
  found.set(name, text)
  for (const [, , next] of text.matchAll(RELATIVE_IMPORT)) reachable(directory, next, found)
  return found
}
