import type { Cancellation } from './cancellation.ts'
import { isAsyncSource, openSource, type Source } from './source.ts'
import { endsInHighSurrogate, splitText, wellFormed } from './text.ts'
import type { EncodedBody } from './wire.ts'

/** Text or bytes on the way to the client. */
export type Chunk = string | Uint8Array

/** A body as the handler gave it: whole, or a source of pieces that must be read or closed. */
export type Body = { whole: Chunk } | { source: Source; base64: boolean }

/** Most UTF-16 units or bytes in one record: 768 KiB even if JSON escapes every unit, far below a router's line limit. */
export const MAX_CHUNK_LENGTH = 128 * 1024

/** Understands whatever a handler may return as a body. Throws if it is nothing that can be sent. */
export function openBody(value: unknown, base64: boolean): Body {
  if (value === undefined || value === null) return { whole: '' }
  if (typeof value !== 'string' && !asBytes(value)) {
    const source = openSource(value)
    if (source) return { source, base64 }
  }
  return { whole: toChunk(value, base64) }
}

/** Whether a value can only be meant as a body: bytes or a stream, which JSON cannot say. */
export function isRawBody(value: unknown): boolean {
  return asBytes(value) !== undefined || isAsyncSource(value)
}

/** The body piece by piece, no piece too long for a record. A source is closed however this ends. */
export async function* readPieces(body: Body, cancelled: Cancellation): AsyncGenerator<Chunk> {
  for await (const chunk of readChunks(body, cancelled)) yield* split(chunk)
}

/** The whole body in one: text if all of it is text. */
export async function collectBody(body: Body, cancelled: Cancellation): Promise<Chunk> {
  if ('whole' in body) return body.whole
  const chunks: Chunk[] = []
  for await (const chunk of readChunks(body, cancelled)) chunks.push(chunk)
  if (chunks.every((chunk) => typeof chunk === 'string')) return chunks.join('')
  return Buffer.concat(chunks.map((chunk) => (typeof chunk === 'string' ? Buffer.from(chunk) : chunk)))
}

/** The pieces of a chunk that fit a record each; none for an empty chunk. */
export function* split(chunk: Chunk): Generator<Chunk> {
  if (typeof chunk === 'string') yield* splitText(chunk, MAX_CHUNK_LENGTH)
  else
    for (let at = 0; at < chunk.length; at += MAX_CHUNK_LENGTH)
      yield chunk.subarray(at, at + MAX_CHUNK_LENGTH)
}

export function encodeChunk(chunk: Chunk): EncodedBody {
  if (typeof chunk === 'string') return { body: wellFormed(chunk), isBase64Encoded: false }
  const bytes = Buffer.from(chunk.buffer, chunk.byteOffset, chunk.byteLength)
  return { body: bytes.toString('base64'), isBase64Encoded: true }
}

/** Frees what an unread body holds. Its own errors no longer matter to anybody. */
export async function discardBody(body: Body): Promise<void> {
  if ('source' in body) await body.source.close().catch(() => {})
}

async function* readChunks(body: Body, cancelled: Cancellation): AsyncGenerator<Chunk> {
  if ('whole' in body) yield body.whole
  else yield* joinedPairs(readSource(body.source, body.base64, cancelled))
}

async function* readSource(source: Source, base64: boolean, cancelled: Cancellation): AsyncGenerator<Chunk> {
  let ended = false
  try {
    for (;;) {
      const { done, value } = await cancelled.race(source.next())
      ended = done === true
      if (ended) return
      if (value !== undefined && value !== null) yield toChunk(value, base64)
    }
  } finally {
    // Not after an abort: a generator that still waits for something would keep us waiting too.
    if (!ended) await cancelled.race(source.close()).catch(() => {})
  }
}

/** Text cut through a surrogate pair is put together again; each half alone would be lost. */
async function* joinedPairs(chunks: AsyncIterable<Chunk>): AsyncGenerator<Chunk> {
  let held = ''
  for await (const chunk of chunks) {
    const isText = typeof chunk === 'string'
    if (!isText && held !== '') yield held
    const text = isText ? held + chunk : ''
    held = endsInHighSurrogate(text) ? text.slice(-1) : ''
    yield isText ? text.slice(0, text.length - held.length) : chunk
  }
  if (held !== '') yield held
}

function toChunk(value: unknown, base64: boolean): Chunk {
  const bytes = asBytes(value)
  if (bytes) return bytes
  return base64 && typeof value === 'string' ? decodeBase64(value) : asText(value)
}

function asBytes(value: unknown): Uint8Array | undefined {
  if (value instanceof Uint8Array) return value
  if (ArrayBuffer.isView(value)) return new Uint8Array(value.buffer, value.byteOffset, value.byteLength)
  return value instanceof ArrayBuffer ? new Uint8Array(value) : undefined
}

/** Text as it is, anything else as JSON. Throws for what has no JSON, for example a function. */
export function asText(value: unknown): string {
  if (typeof value === 'string') return value
  const json: string | undefined = JSON.stringify(value)
  if (json === undefined) throw new TypeError(`expected text, bytes, a stream or JSON, got a ${typeof value}`)
  return json
}

/** Throws on text that is not base64: reading it leniently, as Node.js does, would send garbage. */
function decodeBase64(text: string): Uint8Array {
  if (!/^[A-Za-z0-9+/]*={0,2}$/.test(text))
    throw new TypeError('isBase64Encoded is set, but the body is not base64')
  return Buffer.from(text, 'base64')
}
