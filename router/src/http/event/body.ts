import { isUtf8 } from 'node:buffer'
import { isPlainJson } from './plain-json.ts'

/** Text stays text; what is not UTF-8, or holds a NUL byte, travels as base64. The content type is not asked. */
export function eventBody(body: Buffer | undefined): { body: string | undefined; isBase64Encoded: boolean } {
  if (body === undefined || body.length === 0) return { body: undefined, isBase64Encoded: false }
  if (!isText(body)) return { body: body.toString('base64'), isBase64Encoded: true }
  return { body: body.toString('utf8'), isBase64Encoded: false }
}

/** The same for a body that is not empty, as what stands between the quotes of a JSON string. */
export function jsonBody(body: Buffer): { text: Uint8Array; isBase64Encoded: boolean } {
  if (isPlainJson(body)) return { text: body, isBase64Encoded: false }
  if (!isText(body)) return { text: Buffer.from(body.toString('base64'), 'latin1'), isBase64Encoded: true }
  return { text: Buffer.from(JSON.stringify(body.toString('utf8'))).subarray(1, -1), isBase64Encoded: false }
}

function isText(body: Buffer): boolean {
  return !body.includes(0) && isUtf8(body)
}
