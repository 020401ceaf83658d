import { invalidRequest, S3Error } from './errors.ts'

/** A decoded body. Trailers have lower-case names; signatures are not checked. */
export interface DecodedBody {
  body: Buffer
  trailers: Record<string, string>
}

/**
 * Decodes `aws-chunked`: chunks with their size in hexadecimal and perhaps a signature, then trailers such as a checksum.
 * https://docs.aws.amazon.com/AmazonS3/latest/API/sigv4-streaming-trailers.html
 */
export function decodeAwsChunked(encoded: Buffer, decodedLength: number | undefined): DecodedBody {
  const chunks: Buffer[] = []
  let at = 0
  while (true) {
    const { line, next } = readLine(encoded, at)
    const size = chunkSize(line)
    at = next
    if (size === 0) break
    if (encoded.toString('latin1', at + size, at + size + 2) !== '\r\n') throw incomplete()
    chunks.push(encoded.subarray(at, at + size))
    at += size + 2
  }
  const body = Buffer.concat(chunks)
  if (decodedLength !== undefined && decodedLength !== body.length) throw incomplete()
  return { body, trailers: readTrailers(encoded, at) }
}

function readTrailers(encoded: Buffer, start: number): Record<string, string> {
  const trailers: Record<string, string> = {}
  let at = start
  while (at < encoded.length) {
    const { line, next } = readLine(encoded, at)
    at = next
    const colon = line.indexOf(':')
    if (colon > 0) trailers[line.slice(0, colon).trim().toLowerCase()] = line.slice(colon + 1).trim()
  }
  return trailers
}

function readLine(encoded: Buffer, at: number): { line: string; next: number } {
  const end = encoded.indexOf('\r\n', at)
  if (end < 0) throw incomplete()
  return { line: encoded.toString('latin1', at, end), next: end + 2 }
}

function chunkSize(line: string): number {
  const size = line.split(';')[0] ?? ''
  if (!/^[0-9a-fA-F]{1,8}$/.test(size)) {
    throw invalidRequest(
      `aws-chunked: expected the size of a chunk, got ${JSON.stringify(line.slice(0, 80))}`,
    )
  }
  return Number.parseInt(size, 16)
}

function incomplete(): S3Error {
  const message =
    'The request body terminated unexpectedly, or its length is not what its headers and chunks say'
  return new S3Error('IncompleteBody', 400, message)
}
