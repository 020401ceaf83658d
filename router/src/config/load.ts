import { createHash } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import { formatProblems, type Manifest, validateManifest } from '@lpr/contract'
import { parseDocument } from 'yaml'
import { type Location, parseLocation, sha256InKey } from './location.ts'
import { readS3Object } from './s3.ts'

/** A config that cannot be used. The message names the document and lists every mistake, one a line. */
export class ConfigError extends Error {
  override readonly name = 'ConfigError'
}

export interface LoadedConfig {
  manifest: Manifest
  /** Hash of the document's bytes, hexadecimal. */
  sha256: string
}

/** Reads, checks and validates the manifest at a location. Throws ConfigError. */
export async function loadConfig(locationText: string): Promise<LoadedConfig> {
  const { bytes, expectedSha256 } = await read(locationText)
  const sha256 = createHash('sha256').update(bytes).digest('hex')
  if (expectedSha256 !== undefined && expectedSha256 !== sha256) {
    throw new ConfigError(
      `${locationText}: the document does not have the hash that its key carries, got ${sha256}`,
    )
  }
  const { problems, manifest } = validateManifest(parse(bytes.toString('utf8'), locationText))
  if (manifest === undefined) {
    throw new ConfigError([`${locationText}: not a valid config`, ...formatProblems(problems)].join('\n  '))
  }
  return { manifest, sha256 }
}

async function read(locationText: string): Promise<{ bytes: Buffer; expectedSha256: string | undefined }> {
  try {
    const location: Location = parseLocation(locationText)
    if (location.kind === 'file') return { bytes: await readFile(location.path), expectedSha256: undefined }
    return {
      bytes: await readS3Object(location.bucket, location.key),
      expectedSha256: sha256InKey(location.key),
    }
  } catch (cause) {
    const reason =
      cause instanceof Error
        ? `${cause.name === 'Error' ? '' : `${cause.name}: `}${cause.message}`
        : String(cause)
    throw new ConfigError(`cannot read config ${locationText}: ${reason}`, { cause })
  }
}

/** JSON first: surrogate-pair escapes are legal in JSON strings but not in YAML ones. */
function parse(text: string, locationText: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    // Not JSON, so YAML.
  }
  const document = parseDocument(text)
  if (document.errors.length > 0) {
    throw new ConfigError(
      [`${locationText}: not valid YAML`, ...document.errors.map(({ message }) => message)].join('\n  '),
    )
  }
  return document.toJS()
}
