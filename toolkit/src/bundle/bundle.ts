import { existsSync, mkdirSync, symlinkSync } from 'node:fs'
import { dirname, join, resolve } from 'node:path'
import * as esbuild from 'esbuild'
import { type Finding, type Place, throwFindings } from '../errors.ts'
import './helper-process.ts'
import { type Bundleable, buildOptions, usesEsbuild } from './build-options.ts'
import { runMake, usesMakefile } from './makefile.ts'

export interface Bundle {
  /** Directory to run the function from. */
  codeDir: string
  /** Absolute paths of the source files that went into it; for a function used as it is, its directory. */
  inputs: string[]
  /** Why there is nothing in `codeDir`: a tool that its Makefile needs is not on this machine. */
  missing?: string
}

export interface BundleResult {
  /** One per function that could be built, by logical id. */
  bundles: Map<string, Bundle>
  /** Every compile error, with place and remedy. */
  findings: Finding[]
}

/**
 * Builds every function into a directory of its own under `outputDir`, or takes its code as it is. Never throws.
 * `onProgress` gets what the builds say that may take minutes.
 */
export async function bundleFunctions(
  functions: Bundleable[],
  outputDir: string,
  onProgress?: (line: string) => void,
): Promise<BundleResult> {
  const bundles = new Map<string, Bundle>()
  const findings: Finding[] = []
  await Promise.all(
    functions.map(async (fn) => {
      const bundle = await bundleFunction(fn, join(outputDir, fn.logicalId), findings, onProgress)
      if (bundle) bundles.set(fn.logicalId, bundle)
    }),
  )
  return { bundles, findings }
}

/** As `bundleFunctions`, but a function that cannot be built is an error. */
export async function bundleAll(functions: Bundleable[], outputDir: string): Promise<Map<string, Bundle>> {
  const { bundles, findings } = await bundleFunctions(functions, outputDir)
  throwFindings(findings)
  return bundles
}

async function bundleFunction(
  fn: Bundleable,
  outdir: string,
  findings: Finding[],
  onProgress?: (line: string) => void,
): Promise<Bundle | undefined> {
  if (!existsSync(fn.codeDir)) {
    findings.push({
      message: `${fn.logicalId}: the code directory ${fn.codeDir} does not exist`,
      place: fn.place,
      remedy: 'correct CodeUri; it is relative to the template',
    })
    return undefined
  }
  if (usesMakefile(fn.metadata)) {
    const made = await runMake(fn, outdir, onProgress)
    if (made.missing !== undefined) return { codeDir: outdir, inputs: [fn.codeDir], missing: made.missing }
    findings.push(...made.findings)
    return made.findings.length === 0 ? { codeDir: outdir, inputs: [fn.codeDir] } : undefined
  }
  if (!usesEsbuild(fn.metadata)) return { codeDir: fn.codeDir, inputs: [fn.codeDir] }
  const before = findings.length
  const options = buildOptions(fn, outdir, findings)
  if (findings.length > before) return undefined
  try {
    const { metafile } = await esbuild.build(options)
    linkPackages(fn.codeDir, outdir, options.external ?? [])
    const inputs = Object.keys(metafile?.inputs ?? {}).map((input) => resolve(fn.codeDir, input))
    return { codeDir: outdir, inputs }
  } catch (error) {
    findings.push(...buildFindings(fn, error))
    return undefined
  }
}

/** Packages left out of the bundle are loaded at run time, where Lambda has them or a layer brings them. */
function linkPackages(codeDir: string, outdir: string, external: string[]): void {
  const link = join(outdir, 'node_modules')
  if (external.length === 0 || existsSync(link)) return
  const packages = nearestPackages(codeDir)
  if (packages === undefined) return
  mkdirSync(outdir, { recursive: true })
  symlinkSync(packages, link, 'dir')
}

function nearestPackages(from: string): string | undefined {
  const candidate = join(from, 'node_modules')
  if (existsSync(candidate)) return candidate
  const parent = dirname(from)
  return parent === from ? undefined : nearestPackages(parent)
}

function buildFindings(fn: Bundleable, error: unknown): Finding[] {
  const errors = isBuildFailure(error) ? error.errors : []
  if (errors.length === 0) {
    return [
      { message: `${fn.logicalId}: ${error instanceof Error ? error.message : error}`, place: fn.place },
    ]
  }
  return errors.map((entry) => buildFinding(fn, entry))
}

function isBuildFailure(error: unknown): error is esbuild.BuildFailure {
  return error instanceof Error && 'errors' in error && Array.isArray(error.errors)
}

function buildFinding(fn: Bundleable, { text, location, notes }: esbuild.Message): Finding {
  const place: Place = location
    ? { file: resolve(fn.codeDir, location.file), line: location.line, column: location.column + 1 }
    : fn.place
  return { message: `${fn.logicalId}: ${text}`, place, remedy: remedyFor(text, notes) }
}

function remedyFor(text: string, notes: esbuild.Note[]): string {
  if (text.startsWith('Could not resolve "./') || text.startsWith('Could not resolve "../')) {
    return 'correct the path in Metadata.BuildProperties.EntryPoints or in the import'
  }
  if (text.startsWith('Could not resolve')) {
    return 'install the package, or list it under Metadata.BuildProperties.External if Lambda provides it'
  }
  return notes[0]?.text ?? 'correct the source and try again'
}
