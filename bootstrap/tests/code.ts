import { execFileSync } from 'node:child_process'
import { cpSync, mkdirSync, mkdtempSync, readFileSync, symlinkSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import { packageCode } from '@lpr/test-kit/cloudformation'
import * as esbuild from 'esbuild'
import { readCase } from '../router-macro/scripts/case.mjs'

export type Template = Record<string, unknown>

export const root = join(dirname(fileURLToPath(import.meta.url)), '..', '..')

/** A template by its path in the repository or an absolute one, its code where an upload would have put it. */
export function readTemplate(path: string): Template {
  return packageCode(readCase(readFileSync(resolve(root, path), 'utf8')).fragment)
}

/**
 * Makes of every function and layer what `sam build` makes of it, in directories by logical id, away from the repository and its
 * packages. Gives back the directory of directories.
 */
export function buildCode(): string {
  const directory = mkdtempSync(join(tmpdir(), 'lpr-code-'))
  execFileSync(process.execPath, [
    join(root, 'scripts', 'build.mjs'),
    'macro',
    'publisher',
    'router',
    'toolkit',
  ])
  const bundle = (name: string) => join(root, 'bootstrap', name, 'dist', 'app.mjs')
  cpSync(bundle('router-macro'), join(directory, 'RouterMacroFunction', 'app.mjs'))
  cpSync(bundle('config-publisher'), join(directory, 'ConfigPublisherFunction', 'app.mjs'))
  linkSdk(join(directory, 'ConfigPublisherFunction'))
  const source = readCase(readFileSync(join(root, 'sam', 'template.yaml'), 'utf8')).fragment
  for (const [logicalId, resource] of Object.entries(source.Resources as Record<string, Resource>)) {
    const { BuildMethod, BuildProperties } = resource.Metadata ?? {}
    const outdir = join(directory, logicalId)
    if (BuildMethod === 'makefile') buildByMake(outdir, logicalId, resource)
    if (BuildMethod === 'esbuild') buildSample(outdir, BuildProperties?.EntryPoints ?? [])
  }
  return directory
}

/** Lambda's runtime brings the SDK. */
export function linkSdk(directory: string): void {
  symlinkSync(join(root, 'node_modules'), join(directory, 'node_modules'), 'dir')
}

interface Resource {
  Type: string
  Properties?: { CodeUri?: string; ContentUri?: string }
  Metadata?: { BuildMethod?: string; BuildProperties?: { EntryPoints?: string[] } }
}

function buildByMake(outdir: string, logicalId: string, { Properties }: Resource): void {
  mkdirSync(outdir)
  const { CodeUri, ContentUri } = Properties ?? {}
  const cwd = join(root, 'sam', CodeUri ?? ContentUri ?? '.')
  execFileSync('make', [`build-${logicalId}`], { cwd, env: { ...process.env, ARTIFACTS_DIR: outdir } })
}

function buildSample(outdir: string, entryPoints: string[]): void {
  const absWorkingDir = join(root, 'sam', 'src')
  const options = { absWorkingDir, entryPoints, outdir, conditions: ['lpr-source'] }
  esbuild.buildSync({ ...options, bundle: true, platform: 'node', format: 'cjs', target: 'es2022' })
}
