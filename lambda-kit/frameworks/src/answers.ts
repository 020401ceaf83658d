import type { StreamRecord } from 'lpr-lambda-adapter'

/** What a client sees of a response. */
export interface Answer {
  status: number
  contentType: string | undefined
  cookies: string[]
  body: Buffer
}

interface Response {
  statusCode: number
  headers?: Record<string, string>
  cookies?: string[]
  body?: string
  isBase64Encoded?: boolean
}

/** Reads a response as API Gateway does, payload format 2.0. */
export function readAnswer(value: unknown): Answer {
  const { statusCode, headers = {}, cookies = [], body = '', isBase64Encoded = false } = value as Response
  const type = Object.entries(headers).find(([name]) => name.toLowerCase() === 'content-type')
  return {
    status: statusCode,
    contentType: type?.[1],
    cookies,
    body: Buffer.from(body, isBase64Encoded ? 'base64' : 'utf8'),
  }
}

/** The answers in a stream of records, whole or interleaved. Throws if an item's records break their order. */
export function fold(records: StreamRecord[]): Map<string, Answer> {
  const answers = new Map<string, Answer>()
  for (const record of records) answers.set(record.id, next(record, answers.get(record.id)))
  return answers
}

function next(record: StreamRecord, known: Answer | undefined): Answer {
  if (!('type' in record) || record.type === 'head') return readAnswer(record)
  if (record.type === 'error') {
    const body = Buffer.from(record.message)
    return { status: record.statusCode, contentType: 'text/plain', cookies: [], body }
  }
  if (known === undefined) throw new Error(`${record.id}: ${record.type} before its head`)
  if (record.type === 'end') return known
  return { ...known, body: Buffer.concat([known.body, readAnswer({ ...record, statusCode: 0 }).body]) }
}
