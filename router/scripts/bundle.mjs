import { mkdirSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'
import * as esbuild from 'esbuild'

const root = dirname(dirname(dirname(fileURLToPath(import.meta.url))))

/** Bundles a TypeScript module under `router/tests` and imports it: Node 20 runs no TypeScript by itself. */
export async function importBundled(module) {
  const outfile = join(root, 'router/dist/testing', `${module.replaceAll('/', '-')}.mjs`)
  mkdirSync(dirname(outfile), { recursive: true })
  esbuild.buildSync({
    entryPoints: [join(root, 'router/tests', `${module}.ts`)],
    outfile,
    bundle: true,
    format: 'esm',
    platform: 'node',
    target: 'node20.19',
    conditions: ['lpr-source'],
    sourcemap: 'inline',
    logLevel: 'warning',
    define: { __LPR_VERSION__: '"test"' },
    banner: {
      js: "import { createRequire as lprCreateRequire } from 'node:module'; const require = lprCreateRequire(import.meta.url);",
    },
  })
  return import(pathToFileURL(outfile).href)
}
