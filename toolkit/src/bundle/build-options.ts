import { isAbsolute, relative, resolve } from 'node:path'
import type { BuildOptions } from 'esbuild'
import type { Finding, Place } from '../errors.ts'
import { type JsonObject, objectOrEmpty } from '../json.ts'

/** What of a function the bundler needs. */
export interface Bundleable {
  logicalId: string
  codeDir: string
  handler: string
  metadata: JsonObject
  place: Place
}

/** Whether SAM would bundle this function with esbuild; any other function is used as it lies there. */
export function usesEsbuild(metadata: JsonObject): boolean {
  return metadata.BuildMethod === 'esbuild'
}

/**
 * The esbuild options that `sam build` derives from `Metadata.BuildProperties`, with its defaults (CommonJS, es2020).
 * Minifying is off unless asked for: locally a readable stack trace is worth more.
 * https://docs.aws.amazon.com/serverless-application-model/latest/developerguide/serverless-sam-cli-using-build-typescript.html
 */
export function buildOptions(fn: Bundleable, outdir: string, findings: Finding[]): BuildOptions {
  const properties = objectOrEmpty(fn.metadata.BuildProperties)
  const unknown = Object.keys(properties).filter((key) => !KNOWN.has(key))
  findings.push(...unknown.map((key) => unknownProperty(fn, key)))
  return {
    absWorkingDir: fn.codeDir,
    bundle: true,
    platform: 'node',
    outdir,
    metafile: true,
    logLevel: 'silent',
    entryPoints: entryPoints(fn, properties),
    format: text(properties.Format) === 'esm' ? 'esm' : 'cjs',
    target: list(properties.Target ?? 'es2020'),
    minify: flag(properties.Minify),
    keepNames: flag(properties.KeepNames),
    sourcemap: flag(properties.Sourcemap),
    sourcesContent: properties.SourcesContent === undefined || flag(properties.SourcesContent),
    external: list(properties.External),
    loader: pairs(properties.Loader) as NonNullable<BuildOptions['loader']>,
    outExtension: pairs(properties.OutExtension),
    define: pairs(properties.Define),
    ...(properties.MainFields === undefined ? {} : { mainFields: list(properties.MainFields) }),
    ...(properties.Conditions === undefined ? {} : { conditions: list(properties.Conditions) }),
    ...(properties.Alias === undefined ? {} : { alias: pairs(properties.Alias) }),
    ...(properties.Inject === undefined ? {} : { inject: list(properties.Inject) }),
    ...(properties.Banner === undefined ? {} : { banner: pairs(properties.Banner) }),
    ...(properties.Footer === undefined ? {} : { footer: pairs(properties.Footer) }),
  }
}

const KNOWN = new Set([
  'Alias',
  'Banner',
  'Conditions',
  'Define',
  'EntryPoints',
  'External',
  'Footer',
  'Format',
  'Inject',
  'KeepNames',
  'Loader',
  'MainFields',
  'Minify',
  'OutExtension',
  'Sourcemap',
  'SourcesContent',
  'Target',
  'UseNpmCi',
])

function unknownProperty({ logicalId, place }: Bundleable, key: string): Finding {
  return {
    message: `${logicalId}: Metadata.BuildProperties.${key} is not known`,
    place,
    remedy: `one of ${[...KNOWN].join(', ')}`,
  }
}

/** Relative to the code directory, so that the outputs are laid out as `sam build` lays them out. */
function entryPoints(fn: Bundleable, properties: JsonObject): string[] {
  const given = list(properties.EntryPoints)
  const paths = given.length > 0 ? given : [fn.handler.replace(/\.[^./]*$/, '')]
  return paths.map((path) => {
    const inside = isAbsolute(path) ? relative(fn.codeDir, path) : path
    return `./${relative(fn.codeDir, resolve(fn.codeDir, inside))}`
  })
}

function text(value: unknown): string | undefined {
  return value === undefined || value === null ? undefined : String(value)
}

function flag(value: unknown): boolean {
  return String(value ?? false).toLowerCase() === 'true'
}

/** A list, or a text with commas between the entries. */
function list(value: unknown): string[] {
  if (Array.isArray(value)) return value.map(String)
  return (text(value) ?? '')
    .split(',')
    .map((entry) => entry.trim())
    .filter((entry) => entry !== '')
}

/** An object, or a list of `name=value` texts. */
function pairs(value: unknown): Record<string, string> {
  if (!Array.isArray(value)) {
    return Object.fromEntries(
      Object.entries(objectOrEmpty(value)).map(([key, entry]) => [key, String(entry)]),
    )
  }
  return Object.fromEntries(
    value.map(String).map((entry) => {
      const equals = entry.indexOf('=')
      return [entry.slice(0, equals), entry.slice(equals + 1)]
    }),
  )
}
