import { Buffer } from 'node:buffer'
import { validateHeaderValue } from 'node:http'
import { isHeaderName, isObject } from '@lpr/contract'
import type { ResponseHead } from '../batching/item.ts'
import { RouterError } from '../errors.ts'

/** Headers that belong to one connection or frame the body (RFC 9110 section 7.6.1), and those the router sets. */
const DROPPED = new Set([
  'connection',
  'transfer-encoding',
  'content-length',
  'keep-alive',
  'upgrade',
  'trailer',
  'te',
  'x-lpr-error',
  'x-lpr-request-id',
  'x-lpr-batch-size',
  'x-lpr-batch-wait-ms',
  'x-lpr-flush-reason',
])

/** Status and headers of a function's record. Throws `invalid_function_response` naming what is wrong with it. */
export function readHead(record: Record<string, unknown>, defaultStatus?: number): ResponseHead {
  const statusCode = readStatus(record.statusCode ?? defaultStatus)
  const headers: string[] = []
  const single = readMap(record.headers, 'headers')
  const multi = readMap(record.multiValueHeaders, 'multiValueHeaders')
  // API Gateway merges both maps; where they share a name the multi-value one wins.
  const overridden = multi === EMPTY ? undefined : new Set(Object.keys(multi).map(lowerCase))
  for (const name of Object.keys(single)) {
    if (!overridden?.has(name.toLowerCase())) addHeader(headers, name, single[name])
  }
  for (const [name, values] of Object.entries(multi)) {
    for (const value of Array.isArray(values) ? values : [values]) addHeader(headers, name, value)
  }
  for (const cookie of readList(record.cookies, 'cookies')) {
    const text = String(cookie).trim()
    if (text !== '') addHeader(headers, 'set-cookie', text)
  }
  return { statusCode, headers }
}

/**
 * A record's body as it goes out: bytes, or a string if it is all ASCII, which need not be converted. Throws
 * `invalid_function_response` if it is neither text nor good base64.
 */
export function readBody(record: Record<string, unknown>): Uint8Array | string {
  const { body, isBase64Encoded } = record
  if (body === undefined || body === null) return new Uint8Array()
  if (typeof body !== 'string') throw invalid(`body must be a string, got ${typeof body}`)
  if (isBase64Encoded !== true && isBase64Encoded !== 'true') {
    return Buffer.byteLength(body) === body.length ? body : Buffer.from(body, 'utf8')
  }
  if (!/^[A-Za-z0-9+/]*={0,2}$/.test(body)) throw invalid('body is not base64')
  return Buffer.from(body, 'base64')
}

/** Visible ASCII with spaces in it: needs neither conversion nor a closer look. */
const PLAIN_VALUE = /^[\t\x20-\x7e]*$/

function readStatus(value: unknown): number {
  const status = typeof value === 'string' && /^\d{3}$/.test(value) ? Number(value) : value
  if (typeof status === 'number' && Number.isInteger(status) && status >= 200 && status <= 999) return status
  throw invalid(`statusCode must be an integer from 200 to 999, got ${JSON.stringify(value)}`)
}

function addHeader(headers: string[], rawName: string, value: unknown): void {
  if (value === null || value === undefined) return
  const name = outgoingName(rawName)
  if (name !== DROP) headers.push(name, headerValue(name, value))
}

/** In place of the name of a header that is dropped. */
const DROP = ''
/** What became of names that were seen before. Functions use few; one that makes them up is not to fill the memory. */
const seenNames = new Map<string, string>()
const SEEN = { names: 1000, length: 64 }

function outgoingName(rawName: string): string {
  const seen = seenNames.get(rawName)
  if (seen !== undefined) return seen
  const name = rawName.toLowerCase()
  const dropped = DROPPED.has(name) || name.startsWith('proxy-')
  if (!dropped && !isHeaderName(name)) throw invalid(`header name ${JSON.stringify(rawName)} is not valid`)
  const outgoing = dropped ? DROP : name
  if (seenNames.size < SEEN.names && rawName.length <= SEEN.length) seenNames.set(rawName, outgoing)
  return outgoing
}

function headerValue(name: string, value: unknown): string {
  if (typeof value !== 'string' && typeof value !== 'number' && typeof value !== 'boolean')
    throw invalid(`header ${name} must be a string`)
  const text = String(value)
  if (PLAIN_VALUE.test(text)) return text
  // What latin1 cannot say goes out as UTF-8 bytes, which is how clients that care read it.
  const fits = Buffer.from(text, 'latin1').toString('latin1') === text
  const encoded = fits ? text : Buffer.from(text, 'utf8').toString('latin1')
  try {
    validateHeaderValue(name, encoded)
  } catch {
    throw invalid(`header ${name} holds a control character`)
  }
  return encoded
}

const EMPTY: Record<string, unknown> = Object.freeze({})

function readMap(value: unknown, name: string): Record<string, unknown> {
  if (value === undefined || value === null) return EMPTY
  if (!isObject(value)) throw invalid(`${name} must be a map`)
  return value
}

const NONE: readonly unknown[] = []

function readList(value: unknown, name: string): readonly unknown[] {
  if (value === undefined || value === null) return NONE
  if (!Array.isArray(value)) throw invalid(`${name} must be a list`)
  return value
}

function lowerCase(name: string): string {
  return name.toLowerCase()
}

function invalid(detail: string): RouterError {
  return new RouterError('invalid_function_response', detail)
}
