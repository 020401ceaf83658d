import { isUtf8 } from 'node:buffer'
import type { EventBody } from './facts.ts'

/** Text stays text; what is not UTF-8, or holds a NUL byte, travels as base64. The content type is not asked. */
export function eventBody(body: Buffer | undefined): EventBody {
  if (body === undefined || body.length === 0) return { body: undefined, isBase64Encoded: false }
  if (body.includes(0) || !isUtf8(body)) return { body: body.toString('base64'), isBase64Encoded: true }
  return { body: body.toString('utf8'), isBase64Encoded: false }
}
