import { isStreamLike } from './result.ts'
import type { Body, Chunk } from './types.ts'

/** Text or base64, as records carry it. */
export interface EncodedBody {
  body: string
  isBase64Encoded: boolean
}

/** Most bytes of one chunk record; keeps every line far below what the router is willing to hold. */
const MAX_CHUNK_BYTES = 256 * 1024

/** A chunk as a record carries it. Lone surrogates, which UTF-8 cannot say, become U+FFFD. */
export function encodeChunk(chunk: unknown, alreadyBase64 = false): EncodedBody {
  if (chunk instanceof Uint8Array) return { body: toBuffer(chunk).toString('base64'), isBase64Encoded: true }
  if (typeof chunk !== 'string') throw new TypeError(`a body must yield text or bytes, got ${typeof chunk}`)
  return { body: alreadyBase64 ? chunk : wellFormed(chunk), isBase64Encoded: alreadyBase64 }
}

/** The whole body. Streams are read to their end; they are text only if every piece of them is. */
export async function readWhole(body: Body, alreadyBase64: boolean): Promise<EncodedBody> {
  if (body === null || body === undefined) return { body: '', isBase64Encoded: false }
  if (!isStreamLike(body)) return encodeChunk(body, alreadyBase64)
  const chunks: Chunk[] = []
  for await (const chunk of body as AsyncIterable<Chunk>) chunks.push(chunk)
  if (chunks.every((chunk) => typeof chunk === 'string')) return encodeChunk(chunks.join(''), alreadyBase64)
  return encodeChunk(
    Buffer.concat(chunks.map((chunk) => (typeof chunk === 'string' ? Buffer.from(chunk) : toBuffer(chunk)))),
  )
}

/** The pieces of a body in order, each small enough for a record. A consumer that stops early closes the source. */
export async function* readChunks(body: Body, alreadyBase64: boolean): AsyncGenerator<EncodedBody> {
  if (body === null || body === undefined) return
  if (!isStreamLike(body)) {
    yield* pieces(alreadyBase64 ? Buffer.from(String(body), 'base64') : (body as Chunk))
    return
  }
  for await (const chunk of body as AsyncIterable<Chunk>) yield* pieces(chunk)
}

function* pieces(chunk: Chunk): Generator<EncodedBody> {
  const size = typeof chunk === 'string' ? chunk.length : chunk?.byteLength
  if (!(size > MAX_CHUNK_BYTES)) {
    yield encodeChunk(chunk)
    return
  }
  // Cutting text could part a surrogate pair; bytes can be cut anywhere.
  const bytes = typeof chunk === 'string' ? Buffer.from(wellFormed(chunk)) : toBuffer(chunk)
  for (let start = 0; start < bytes.length; start += MAX_CHUNK_BYTES) {
    yield encodeChunk(bytes.subarray(start, start + MAX_CHUNK_BYTES))
  }
}

function toBuffer(bytes: Uint8Array): Buffer {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength)
}

function wellFormed(text: string): string {
  return text.toWellFormed()
}
