// Builds the zero-code layer: its tree, laid out as it is to lie under /opt, and the same as a zip.
//   node scripts/build-layer.mjs <directory>     writes the tree only
import { chmodSync, mkdirSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { dirname, join, relative } from 'node:path'
import { fileURLToPath } from 'node:url'
import * as esbuild from 'esbuild'
import { zip } from './zip.mjs'

const root = dirname(dirname(fileURLToPath(import.meta.url)))
const source = join(root, 'lambda-kit/layer')

/** Where the Python files of the layer come from. The adapter is copied into the package: nothing else can replace it. */
const PYTHON = {
  'lpr/python/lpr_layer': join(source, 'python/lpr_layer'),
  'lpr/python/lpr_layer/lpr_lambda_adapter': join(root, 'lambda-kit/adapter-python/src/lpr_lambda_adapter'),
}
const LOADER = join(root, 'toolkit/src/python-runtime/lpr_python_runtime/lambda_loader.py')

/** Writes `opt/`, the layer's contents, and `lpr-layer.zip` into `outDir`. */
export async function buildLayer(outDir) {
  const files = await layerFiles()
  const tree = join(outDir, 'opt')
  rmSync(tree, { recursive: true, force: true })
  writeTree(tree, files)
  writeFileSync(join(outDir, 'lpr-layer.zip'), zip(files))
}

function writeTree(tree, files) {
  for (const { name, mode, bytes } of files) {
    mkdirSync(dirname(join(tree, name)), { recursive: true })
    writeFileSync(join(tree, name), bytes)
    chmodSync(join(tree, name), mode)
  }
}

/** Everything in the layer, by its path below /opt. */
async function layerFiles() {
  return [
    { name: 'lpr/exec-wrapper', mode: 0o755, bytes: readFileSync(join(source, 'exec-wrapper')) },
    { name: 'lpr/LICENSE', mode: 0o644, bytes: readFileSync(join(root, 'LICENSE')) },
    { name: 'lpr/VERSION', mode: 0o644, bytes: readFileSync(join(root, 'VERSION')) },
    { name: 'lpr/node/handler.mjs', mode: 0o644, bytes: await nodeHandler() },
    { name: 'lpr/python/lpr_layer/lambda_loader.py', mode: 0o644, bytes: readFileSync(LOADER) },
    ...Object.entries(PYTHON).flatMap(([name, directory]) => pythonFiles(name, directory)),
  ]
}

/** Not minified: the layer's lines in a stack trace are to be readable. */
async function nodeHandler() {
  const { outputFiles } = await esbuild.build({
    entryPoints: [join(source, 'src/handler.ts')],
    bundle: true,
    write: false,
    platform: 'node',
    target: 'node20.19',
    format: 'esm',
    conditions: ['lpr-source'],
    legalComments: 'none',
    logLevel: 'warning',
    absWorkingDir: root,
  })
  return Buffer.from(outputFiles[0].contents)
}

function pythonFiles(name, directory) {
  return readdirSync(directory, { recursive: true })
    .filter((path) => path.endsWith('.py') && statSync(join(directory, path)).isFile())
    .map((path) => join(directory, path))
    .map((path) => ({ name: `${name}/${relative(directory, path)}`, mode: 0o644, bytes: readFileSync(path) }))
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const [, , directory] = process.argv
  if (directory === undefined) throw new Error('expected the directory to write to')
  writeTree(directory, await layerFiles())
}
