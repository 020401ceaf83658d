// Bundles everything that ships: one file per artefact, from the sources of the workspaces.
//   node scripts/build.mjs [name ...]     names: router toolkit macro publisher adapter layer
import { cpSync, mkdirSync, readdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import * as esbuild from 'esbuild'

const root = dirname(dirname(fileURLToPath(import.meta.url)))
const version = readFileSync(join(root, 'VERSION'), 'utf8').trim()

// CommonJS dependencies inside an ES module bundle call require(); the banner gives them one.
const requireBanner =
  "import { createRequire as lprCreateRequire } from 'node:module'; const require = lprCreateRequire(import.meta.url);"

const shared = {
  bundle: true,
  platform: 'node',
  target: 'node20.19',
  conditions: ['lpr-source'],
  define: { __LPR_VERSION__: JSON.stringify(version) },
  legalComments: 'none',
  logLevel: 'warning',
  absWorkingDir: root,
}
const esm = { format: 'esm', banner: { js: requireBanner } }

const artefacts = {
  router: [
    {
      ...esm,
      entryPoints: ['router/src/main.ts'],
      outfile: 'router/dist/lpr-router.mjs',
      // Names stay as they are, for stack traces. `keepNames` beside shortened ones would give every closure its name when
      // it is made, which takes 256 bytes each and a tenth of the router's CPU.
      minifySyntax: true,
      minifyWhitespace: true,
    },
  ],
  // esbuild is a native program beside its JavaScript, so it cannot be bundled.
  toolkit: [
    {
      ...esm,
      entryPoints: ['toolkit/src/main.ts'],
      outfile: 'toolkit/dist/lpr.mjs',
      external: ['esbuild'],
      define: { ...shared.define, __LPR_VECTORS__: JSON.stringify(readVectors()) },
    },
    { ...esm, entryPoints: ['toolkit/src/node-runtime/main.ts'], outfile: 'toolkit/dist/node-runtime.mjs' },
  ],
  // The Lambda runtime provides version 3 of the AWS SDK.
  macro: [
    {
      ...esm,
      entryPoints: ['bootstrap/router-macro/src/app.ts'],
      outfile: 'bootstrap/router-macro/dist/app.mjs',
      external: ['@aws-sdk/*'],
      minify: true,
    },
  ],
  publisher: [
    {
      ...esm,
      entryPoints: ['bootstrap/config-publisher/src/app.ts'],
      outfile: 'bootstrap/config-publisher/dist/app.mjs',
      external: ['@aws-sdk/*'],
      minify: true,
    },
  ],
  // Built by scripts of their own.
  adapter: [],
  layer: [],
}

/** The cases of the adapters' contract, for `lpr conformance`. */
function readVectors() {
  const directory = join(root, 'contract/vectors/cases')
  const files = readdirSync(directory).filter((file) => file.endsWith('.json'))
  return files.sort().map((file) => JSON.parse(readFileSync(join(directory, file), 'utf8')))
}

const wanted = process.argv.slice(2)
const names = wanted.length > 0 ? wanted : Object.keys(artefacts)
for (const name of names) {
  if (!artefacts[name])
    throw new Error(`unknown artefact ${name}, expected one of ${Object.keys(artefacts).join(', ')}`)
}
await Promise.all(names.flatMap((name) => artefacts[name].map(build)))
if (names.includes('toolkit')) copyPythonRuntime()
// Loaded when they are asked for: the router's image is built where nothing is but what the router needs.
if (names.includes('adapter')) {
  const { buildAdapter } = await import('./build-adapter.mjs')
  await buildAdapter(join(root, 'lambda-kit/adapter-node/dist'))
}
if (names.includes('layer')) {
  const { buildLayer } = await import('./build-layer.mjs')
  await buildLayer(join(root, 'lambda-kit/layer/dist'))
}
console.log(`built ${names.join(', ')} (${version})`)

/** Puts each file in its place whole: several tests build what they start, and must not start half of it. */
async function build(options) {
  const { outputFiles } = await esbuild.build({ ...shared, ...options, write: false })
  for (const { path, contents } of outputFiles) {
    mkdirSync(dirname(path), { recursive: true })
    const unfinished = `${path}.${process.pid}`
    writeFileSync(unfinished, contents)
    renameSync(unfinished, path)
  }
}

function copyPythonRuntime() {
  const [from, to] = ['toolkit/src/python-runtime', 'toolkit/dist/python-runtime'].map((path) =>
    join(root, path),
  )
  cpSync(from, to, { recursive: true, filter: (path) => !path.endsWith('__pycache__') })
}
