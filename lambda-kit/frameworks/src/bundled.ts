import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'
import * as esbuild from 'esbuild'

/**
 * Loads a module of this package as one file, the way functions are deployed. Some frameworks `require` ES modules,
 * which Lambda's Node.js does not allow, so that bundling is also the only way to run them there.
 */
export async function loadBundled<Module>(name: string): Promise<Module> {
  const directory = mkdtempSync(join(tmpdir(), 'lpr-frameworks-'))
  const outfile = join(directory, 'app.cjs')
  try {
    await esbuild.build({
      entryPoints: [fileURLToPath(new URL(name, import.meta.url))],
      outfile,
      bundle: true,
      platform: 'node',
      target: 'node20.19',
      format: 'cjs',
      conditions: ['lpr-source'],
      logLevel: 'warning',
    })
    return (await import(pathToFileURL(outfile).href)).default as Module
  } finally {
    rmSync(directory, { recursive: true })
  }
}
