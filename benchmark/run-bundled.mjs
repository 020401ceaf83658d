import { spawnSync } from 'node:child_process'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import * as esbuild from 'esbuild'

/** Bundles the `main.ts` beside a script, sources of the workspaces included, and runs it with the script's arguments. */
export async function runBundled(script, name, nodeOptions = []) {
  const here = dirname(fileURLToPath(script))
  const outfile = join(here, 'dist', `${name}.mjs`)
  await esbuild.build({
    entryPoints: [join(here, 'main.ts')],
    outfile,
    bundle: true,
    platform: 'node',
    format: 'esm',
    target: 'node20.19',
    conditions: ['lpr-source'],
    logLevel: 'warning',
  })
  const args = [...nodeOptions, outfile, ...process.argv.slice(2)]
  process.exitCode = spawnSync(process.execPath, args, { stdio: 'inherit' }).status ?? 1
}
