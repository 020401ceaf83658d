import { type Fields, isFields } from './vector.ts'

/** A record with its defaults written out and without the freedoms that an adapter has. */
export type Plain = Fields

/** What a client gets in the end. */
export interface Answer {
  head: Plain | undefined
  /** Base64, however it was sent. */
  body: string
  /** Whether the body is complete, cut off by an error, or neither. */
  ending: 'complete' | 'error' | 'none'
  /** Of an error: status and message. */
  error?: Plain
}

/**
 * Header names in lower case, each with the list of its values; `set-cookie` among the cookies; absent fields as their
 * defaults.
 */
export function plainRecord(record: unknown): Plain {
  if (!isFields(record)) return { notARecord: record }
  const { v, id, type, ...fields } = record
  const kind = { ...(v !== undefined && { v }), ...(id !== undefined && { id }), type: type ?? 'whole' }
  if (type === 'end') return kind
  if (type === 'chunk') return { ...kind, ...plainBody(fields) }
  if (type === 'error') return { ...kind, statusCode: fields.statusCode, message: fields.message }
  return { ...kind, ...plainHead(fields), ...(type === 'head' ? {} : plainBody(fields)) }
}

/** The records of one item without chunks that say nothing. */
export function plainRecords(records: unknown): Plain[] {
  if (!Array.isArray(records)) return []
  return records.map(plainRecord).filter(({ type, body }) => type !== 'chunk' || body !== '')
}

/** What the records of one item amount to, however they are cut. */
export function foldRecords(records: unknown): Answer {
  const plain = plainRecords(records)
  const head = plain.find(({ type }) => type === 'whole' || type === 'head')
  const error = plain.find(({ type }) => type === 'error')
  const ended = plain.some(({ type }) => type === 'whole' || type === 'end')
  return {
    head: head && { statusCode: head.statusCode, headers: head.headers, cookies: head.cookies },
    body: Buffer.concat(plain.map(bytesOf)).toString('base64'),
    ending: error ? 'error' : ended ? 'complete' : 'none',
    ...(error && { error: { statusCode: error.statusCode, message: error.message } }),
  }
}

function bytesOf({ body, isBase64Encoded }: Plain): Buffer {
  return Buffer.from(String(body ?? ''), isBase64Encoded === true ? 'base64' : 'utf8')
}

function plainBody({ body, isBase64Encoded }: Fields): Fields {
  return { body: body ?? '', isBase64Encoded: isBase64Encoded ?? false }
}

function plainHead({ statusCode, headers, multiValueHeaders, cookies }: Fields): Fields {
  const values = new Map<string, unknown[]>()
  for (const [name, value] of entries(headers)) values.set(name.toLowerCase(), [value])
  for (const [name, several] of entries(multiValueHeaders)) values.set(name.toLowerCase(), list(several))
  const allCookies = [...list(cookies), ...(values.get('set-cookie') ?? [])]
  values.delete('set-cookie')
  return {
    statusCode,
    headers: Object.fromEntries([...values].sort(([a], [b]) => (a < b ? -1 : 1))),
    cookies: allCookies,
  }
}

function entries(map: unknown): [string, unknown][] {
  return isFields(map) ? Object.entries(map) : []
}

function list(values: unknown): unknown[] {
  return Array.isArray(values) ? values : []
}
