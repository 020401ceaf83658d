import { asText, type Body, discardBody, isRawBody, openBody } from './body.ts'
import { readHeaders } from './headers.ts'
import type { ResponseHead } from './wire.ts'

export interface Response {
  head: ResponseHead
  body: Body
}

/**
 * Makes a response of whatever a handler returned, as API Gateway does for format 2.0: an object with `statusCode` is
 * a response, any other value is sent as JSON (text as it is) with status 200. Beyond that, bytes and streams may be
 * returned bare, or as the `body` of an object without `statusCode`.
 * Throws an error that says what is wrong with the value.
 * https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-develop-integrations-lambda.html
 */
export function readResponse(value: unknown): Response {
  if (isWebResponse(value))
    throw new TypeError('expected an object with statusCode, headers and body, got a web Response')
  if (isRawBody(value)) return inferred('application/octet-stream', openBody(value, false))
  if (isObject(value) && (isSet(value.statusCode) || isRawBody(value.body))) return structured(value)
  // A handler that returns nothing answers `null`, which is what the runtime makes of it.
  return inferred('application/json', { whole: asText(value ?? null) })
}

function structured(value: Record<string, unknown>): Response {
  // First, as a stream must be listened to and closed even if the head turns out to be bad.
  const base64 = value.isBase64Encoded === true || value.isBase64Encoded === 'true'
  const body = openBody(value.body, base64)
  try {
    return { head: { statusCode: readStatus(value.statusCode ?? 200), ...readHeaders(value) }, body }
  } catch (error) {
    void discardBody(body)
    throw error
  }
}

function inferred(contentType: string, body: Body): Response {
  return { head: { statusCode: 200, headers: { 'content-type': contentType } }, body }
}

function readStatus(value: unknown): number {
  const status = typeof value === 'string' && /^\d{3}$/.test(value) ? Number(value) : value
  if (typeof status === 'number' && Number.isInteger(status) && status >= 200 && status <= 999) return status
  throw new TypeError(`statusCode: expected a whole number from 200 to 999, got ${String(value)}`)
}

/** Behind API Gateway it means nothing either: the runtime sends its JSON, which is `{}`. */
function isWebResponse(value: unknown): boolean {
  return Object.prototype.toString.call(value) === '[object Response]'
}

function isSet(value: unknown): boolean {
  return value !== undefined && value !== null
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null
}
