import { isObject } from '@lpr/contract'
import type { Delivery } from './delivery.ts'
import { LineSplitter } from './ndjson.ts'

/** Longest NDJSON line that is held. A whole response of the largest size that Lambda buffers fits, base64 and all. */
export const MAX_RECORD_BYTES = 16 * 1024 * 1024

/**
 * Reads a function's answer, in any form, and delivers its records. Streamed answers are NDJSON; but a function that
 * sends the buffered envelope down a stream, on one line or on many, is understood as well.
 */
export class AnswerReader {
  readonly #delivery: Delivery
  readonly #splitter: LineSplitter
  /** Lines that were not JSON, kept while they may be parts of one document. */
  #unread: string[] | undefined = []
  #unreadLength = 0

  constructor(delivery: Delivery, maxRecordBytes = MAX_RECORD_BYTES) {
    this.#delivery = delivery
    this.#splitter = new LineSplitter(
      maxRecordBytes,
      (line) => this.#line(line, maxRecordBytes),
      () => this.#malformed(1),
    )
  }

  push(chunk: Buffer): void {
    this.#splitter.push(chunk)
  }

  end(): void {
    this.#splitter.end()
    const lines = this.#unread ?? []
    this.#unread = undefined
    if (lines.length === 0) return
    const document = parse(lines.join('\n'))
    if (isEnvelope(document)) deliverEnvelope(document, this.#delivery)
    else this.#malformed(lines.length)
  }

  #line(line: string, limit: number): void {
    const value = parse(line)
    const partOfDocument = value === undefined || (this.#unread !== undefined && this.#unread.length > 0)
    if (isEnvelope(value)) deliverEnvelope(value, this.#delivery)
    else if (partOfDocument) this.#keep(line, limit)
    else this.#delivery.record(value)
    if (isObject(value) && 'id' in value) this.#giveUpDocument()
  }

  #keep(line: string, limit: number): void {
    this.#unreadLength += line.length
    if (this.#unread !== undefined && this.#unreadLength <= limit) {
      this.#unread.push(line)
      return
    }
    this.#giveUpDocument()
    this.#malformed(1)
  }

  #giveUpDocument(): void {
    const lines = this.#unread ?? []
    this.#unread = undefined
    for (const line of lines) {
      const value = parse(line)
      if (value === undefined) this.#malformed(1)
      else this.#delivery.record(value)
    }
  }

  #malformed(count: number): void {
    this.#delivery.stray.malformed += count
  }
}

/** Reads a buffered answer: the envelope, or records one a line from a function that meant to stream. */
export function readBufferedAnswer(payload: Buffer, delivery: Delivery): void {
  const document = parse(payload.toString('utf8'))
  if (isEnvelope(document)) {
    deliverEnvelope(document, delivery)
    return
  }
  const reader = new AnswerReader(delivery)
  reader.push(payload)
  reader.end()
}

function deliverEnvelope(envelope: { v?: unknown; responses: unknown[] }, delivery: Delivery): void {
  for (const response of envelope.responses) delivery.record(response, envelope.v)
}

function isEnvelope(value: unknown): value is { v?: unknown; responses: unknown[] } {
  return isObject(value) && Array.isArray(value.responses) && !('id' in value)
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}
