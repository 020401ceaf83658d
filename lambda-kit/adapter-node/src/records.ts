import { type Chunk, encodeChunk } from './body.ts'
import { clientAnswer, type ItemFailure } from './failure.ts'
import {
  type BufferedResponse,
  type InterleavedRecord,
  type OneRecord,
  type ResponseHead,
  type StreamRecord,
  WIRE_VERSION,
} from './wire.ts'

/** The answer to an item that failed before anything of its response was sent. */
export function failedResponse(id: string, failure: ItemFailure): BufferedResponse {
  const { statusCode, message } = clientAnswer(failure)
  const headers = { 'content-type': 'text/plain' }
  return { id, statusCode, headers, body: message, isBase64Encoded: false }
}

export function wholeResponse(id: string, head: ResponseHead, body: Chunk): BufferedResponse {
  return { id, ...head, ...encodeChunk(body) }
}

export function oneRecord(response: BufferedResponse): OneRecord {
  return { v: WIRE_VERSION, ...response }
}

export function headRecord(id: string, head: ResponseHead): InterleavedRecord {
  return { v: WIRE_VERSION, id, type: 'head', ...head }
}

export function chunkRecord(id: string, chunk: Chunk): InterleavedRecord {
  return { v: WIRE_VERSION, id, type: 'chunk', ...encodeChunk(chunk) }
}

export function endRecord(id: string): InterleavedRecord {
  return { v: WIRE_VERSION, id, type: 'end' }
}

/** After the head the client cannot be told a status any more; the router resets its connection. */
export function errorRecord(id: string, failure: ItemFailure, afterHead: boolean): InterleavedRecord {
  const { statusCode, message } = clientAnswer(failure)
  const brokenBody = afterHead && failure.phase === 'body'
  return { v: WIRE_VERSION, id, type: 'error', statusCode, message: brokenBody ? 'stream error' : message }
}

/** The record as a line of NDJSON. */
export function toLine(record: StreamRecord): string {
  return `${JSON.stringify(record)}\n`
}
