import { WIRE_VERSION } from '@lpr/contract'
import type { ReceivedItem } from './call.ts'

/** A record as a test wants it, right or wrong. */
export type AnyRecord = Record<string, unknown>

/** What a well-behaved function of the test kit answers: something that only this item can have caused. */
export function goodFields(item: ReceivedItem): AnyRecord {
  const query = item.rawQueryString === '' ? '' : `?${item.rawQueryString}`
  return {
    statusCode: 200,
    headers: { 'content-type': 'text/plain', 'x-item-path': item.rawPath },
    body: goodBody(`${item.rawPath}${query}`),
  }
}

/** Body of the good answer to a request for this path and query. */
export function goodBody(target: string): string {
  return `answer for ${target}`
}

/** A whole response in one record; `fields` replace those of the good one. */
export function whole(item: ReceivedItem, fields: AnyRecord = {}): AnyRecord {
  return { v: WIRE_VERSION, id: item.requestContext.requestId, ...goodFields(item), ...fields }
}

export function head(item: ReceivedItem, fields: AnyRecord = {}): AnyRecord {
  const { statusCode, headers } = goodFields(item)
  return event(item, 'head', { statusCode, headers, ...fields })
}

export function chunk(item: ReceivedItem, body: string | Buffer, fields: AnyRecord = {}): AnyRecord {
  const encoded =
    typeof body === 'string' ? { body } : { body: body.toString('base64'), isBase64Encoded: true }
  return event(item, 'chunk', { ...encoded, ...fields })
}

export function end(item: ReceivedItem): AnyRecord {
  return event(item, 'end')
}

/** An interleaved record of any type. */
export function event(item: ReceivedItem, type: unknown, fields: AnyRecord = {}): AnyRecord {
  return { v: WIRE_VERSION, id: item.requestContext.requestId, type, ...fields }
}

/** The good answer to one item, as interleaved records. */
export function interleaved(item: ReceivedItem): AnyRecord[] {
  const text = String(goodFields(item).body)
  const middle = text.length >> 1
  return [head(item), chunk(item, text.slice(0, middle)), chunk(item, text.slice(middle)), end(item)]
}

/** Records as NDJSON. */
export function lines(...records: unknown[]): string {
  return records.map((record) => `${JSON.stringify(record)}\n`).join('')
}

/** The buffered envelope. */
export function envelope(responses: unknown[], version: unknown = WIRE_VERSION): string {
  return JSON.stringify({ v: version, responses })
}
