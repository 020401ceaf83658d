import { createHash } from 'node:crypto'
import { isObject, parseListenAddress, show, unknownKey, validateManifest } from '@lpr/contract'
import { canonicalJson } from './canonical-json.ts'

/** One manifest, and where it belongs. */
export interface Publication {
  bucket: string
  /** Empty, or without a leading and with a trailing slash. */
  prefix: string
  key: string
  body: string
  sha256: string
}

const PROPERTIES = ['BucketName', 'Prefix', 'Port', 'RouterConfig', 'Spec']
const DEFAULT_PREFIX = 'lpr/'
const DEFAULT_PORT = 8080
/** A longer one would not fit into CloudFormation's 4096 bytes, which hold it four times. */
const MAX_PREFIX_BYTES = 512

/** The publication that properties ask for, or everything that is wrong with them. */
export function publicationOf(
  properties: Record<string, unknown>,
  defaultBucket: string,
): Publication | { problems: string[] } {
  const problems = [...propertyProblems(properties, defaultBucket)]
  const manifest = manifestOf(properties)
  for (const { path, message } of validateManifest(manifest).problems) {
    problems.push(
      `${path === 'Spec' || path.startsWith('Spec.') ? path : `RouterConfig.${path}`}: ${message}`,
    )
  }
  return problems.length > 0 ? { problems } : place(properties, defaultBucket)
}

/** Where properties that may long have been published put their manifest. Checks nothing. */
export function place(properties: Record<string, unknown>, defaultBucket: string): Publication {
  const body = canonicalJson(manifestOf(properties))
  const sha256 = createHash('sha256').update(body).digest('hex')
  const prefix = normalisePrefix(properties.Prefix)
  const bucket = bucketOf(properties, defaultBucket)
  return { bucket, prefix, key: `${prefix}config/${sha256}.json`, body, sha256 }
}

/** Without white space around it and leading slashes, with one trailing slash unless it is empty. */
export function normalisePrefix(value: unknown): string {
  const text = (typeof value === 'string' ? value : DEFAULT_PREFIX).trim().replace(/^\/+/, '')
  return text === '' || text.endsWith('/') ? text : `${text}/`
}

function manifestOf({ RouterConfig, Spec, Port }: Record<string, unknown>): Record<string, unknown> {
  const config = isObject(RouterConfig) ? RouterConfig : {}
  const address = isBlank(config.ListenAddr) ? `0.0.0.0:${portOf(Port) ?? DEFAULT_PORT}` : config.ListenAddr
  return { ...config, ListenAddr: address, ...(Spec === undefined ? {} : { Spec }) }
}

function* propertyProblems(properties: Record<string, unknown>, defaultBucket: string): Iterable<string> {
  const { Prefix, Port, RouterConfig } = properties
  for (const name of Object.keys(properties)) {
    // Those that begin with Service are CloudFormation's own.
    if (!PROPERTIES.includes(name) && !name.startsWith('Service'))
      yield `${name}: ${unknownKey(name, PROPERTIES)}`
  }
  if (bucketOf(properties, defaultBucket) === '')
    yield 'BucketName: is required, because there is no default bucket'
  if (Prefix !== undefined && typeof Prefix !== 'string')
    yield `Prefix: must be a string, got ${show(Prefix)}`
  if (Buffer.byteLength(normalisePrefix(Prefix)) > MAX_PREFIX_BYTES)
    yield `Prefix: must be at most ${MAX_PREFIX_BYTES} bytes long`
  if (portOf(Port) === undefined) yield `Port: must be an integer from 1 to 65535, got ${show(Port)}`
  if (isObject(RouterConfig)) yield* addressProblems(RouterConfig, Port)
  else yield `RouterConfig: must be a map, got ${show(RouterConfig)}`
}

/** The platform probes the port that it was told, so a router on another one would never become healthy. */
function* addressProblems({ ListenAddr, Spec }: Record<string, unknown>, port: unknown): Iterable<string> {
  if (Spec !== undefined) yield 'RouterConfig.Spec: belongs one level up, as the property Spec'
  const address = typeof ListenAddr === 'string' ? parseListenAddress(ListenAddr) : undefined
  if (address === undefined || isBlank(port) || address.port === portOf(port)) return
  yield `RouterConfig.ListenAddr: must have the port that Port says (${port}), got ${show(ListenAddr)}`
}

function bucketOf({ BucketName }: Record<string, unknown>, defaultBucket: string): string {
  return typeof BucketName === 'string' && BucketName.trim() !== '' ? BucketName.trim() : defaultBucket.trim()
}

/** The default if there is none; undefined if it is no port. */
function portOf(value: unknown): number | undefined {
  if (isBlank(value)) return DEFAULT_PORT
  const text = typeof value === 'string' || typeof value === 'number' ? String(value).trim() : ''
  const port = /^\d{1,5}$/.test(text) ? Number(text) : 0
  return port >= 1 && port <= 65535 ? port : undefined
}

function isBlank(value: unknown): boolean {
  return value === undefined || value === null || (typeof value === 'string' && value.trim() === '')
}
