import { createHash } from 'node:crypto'
import { crc32 } from 'node:zlib'
import { headerNotImplemented, S3Error } from './errors.ts'

const CHECKSUM_HEADER = /^x-amz-checksum-(crc32|crc32c|crc64nvme|sha1|sha256)$/

const ALGORITHMS: Record<string, (body: Buffer) => Buffer> = {
  'x-amz-checksum-crc32': crc32Bytes,
  'x-amz-checksum-sha1': (body) => createHash('sha1').update(body).digest(),
  'x-amz-checksum-sha256': (body) => createHash('sha256').update(body).digest(),
}

/** The entity tag of a body, with its quotes. */
export function etagOf(body: Buffer): string {
  return `"${createHash('md5').update(body).digest('hex')}"`
}

/**
 * Checks a body against `Content-MD5` and `x-amz-checksum-*` among the headers and trailers given. Returns the checksum
 * headers, which S3 keeps with the object.
 */
export function checkBody(body: Buffer, fields: Record<string, string>): Record<string, string> {
  const md5 = fields['content-md5']
  if (md5 !== undefined && md5 !== createHash('md5').update(body).digest('base64')) {
    throw new S3Error('BadDigest', 400, 'The Content-MD5 you specified did not match what we received.')
  }
  const checksums = Object.entries(fields).filter(([name]) => CHECKSUM_HEADER.test(name))
  for (const [name, expected] of checksums) checkOne(body, name, expected)
  return Object.fromEntries(checksums)
}

function checkOne(body: Buffer, name: string, expected: string): void {
  const algorithm = ALGORITHMS[name]
  if (algorithm === undefined) throw headerNotImplemented(name)
  if (algorithm(body).toString('base64') === expected) return
  const what = name.replace('x-amz-checksum-', '').toUpperCase()
  throw new S3Error('BadDigest', 400, `The ${what} you specified did not match the calculated checksum.`)
}

function crc32Bytes(body: Buffer): Buffer {
  const bytes = Buffer.alloc(4)
  bytes.writeUInt32BE(crc32(body))
  return bytes
}
