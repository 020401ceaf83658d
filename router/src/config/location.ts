import { fileURLToPath } from 'node:url'

/** Where a config document is kept. */
export type Location = { kind: 'file'; path: string } | { kind: 's3'; bucket: string; key: string }

/** Reads `s3://bucket/key`, a `file://` URI or a path. Throws an Error that says what is wrong. */
export function parseLocation(text: string): Location {
  const location = text.trim()
  if (location.startsWith('s3://')) return parseS3(location)
  if (location.startsWith('file://')) return { kind: 'file', path: fileURLToPath(location) }
  const scheme = /^([a-z][a-z0-9+.-]+):\/\//i.exec(location)?.[1]
  if (scheme !== undefined)
    throw new Error(`config location ${location}: scheme must be s3 or file, got ${scheme}`)
  return { kind: 'file', path: location }
}

/** The key is taken as it stands: S3 keys may hold percent signs, so nothing is decoded. */
function parseS3(location: string): Location {
  const [, bucket = '', key = ''] = /^s3:\/\/([^/]*)\/*(.*)$/s.exec(location) ?? []
  if (bucket === '' || key === '') throw new Error(`config location ${location}: must be s3://bucket/key`)
  return { kind: 's3', bucket, key }
}

/** The sha256 that a key of the publisher's layout carries: `<prefix>config/<sha256>.json`. */
export function sha256InKey(key: string): string | undefined {
  return /(?:^|\/)config\/([0-9a-f]{64})\.json$/.exec(key)?.[1]
}
