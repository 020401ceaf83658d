import { isObject } from './batch.ts'
import type { Body, HttpResult } from './types.ts'

/** A handler's answer, checked: status in range, headers as text, cookies apart. The body is not read yet. */
export interface Answer {
  statusCode: number
  headers: Record<string, string>
  multiValueHeaders: Record<string, string[]> | undefined
  cookies: string[]
  body: Body
  isBase64Encoded: boolean
}

/**
 * Understands whatever API Gateway understands: the structured form, and anything without `statusCode`, which becomes a
 * JSON body with status 200 (a string is taken as it is). Throws a TypeError on what no client could be sent.
 * https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-develop-integrations-lambda.html
 */
export function readResult(result: unknown): Answer {
  if (isObject(result) && result.statusCode !== undefined && result.statusCode !== null)
    return structured(result)
  if (isObject(result) && (isStreamLike(result.body) || result.body instanceof Uint8Array))
    return structured(result)
  return inferred(result)
}

function structured(result: HttpResult): Answer {
  const headers: Record<string, string> = {}
  const multi: Record<string, string[]> = {}
  const cookies = (result.cookies ?? [])
    .map((cookie) => String(cookie).trim())
    .filter((cookie) => cookie !== '')
  const add = (name: string, values: readonly unknown[]): void => {
    if (name.toLowerCase() === 'set-cookie') cookies.push(...values.map(text))
    else if (values.length === 1) headers[name] = text(values[0])
    else if (values.length > 1) multi[name] = values.map(text)
  }
  const multiNames = new Set(Object.keys(result.multiValueHeaders ?? {}).map((name) => name.toLowerCase()))
  for (const [name, value] of Object.entries(result.headers ?? {})) {
    if (value === null || value === undefined || multiNames.has(name.toLowerCase())) continue
    add(name, Array.isArray(value) ? value : [value])
  }
  for (const [name, values] of Object.entries(result.multiValueHeaders ?? {})) add(name, values ?? [])
  return {
    statusCode: status(result.statusCode ?? 200),
    headers,
    multiValueHeaders: Object.keys(multi).length === 0 ? undefined : multi,
    cookies,
    body: plainBody(result.body),
    isBase64Encoded: result.isBase64Encoded === true,
  }
}

function inferred(result: unknown): Answer {
  const body = typeof result === 'string' ? result : result === undefined ? '' : JSON.stringify(result)
  const headers: Record<string, string> = result === undefined ? {} : { 'content-type': 'application/json' }
  return {
    statusCode: 200,
    headers,
    multiValueHeaders: undefined,
    cookies: [],
    body: body ?? '',
    isBase64Encoded: false,
  }
}

/** Numbers and booleans as bodies become text, plain objects JSON, as a careless handler means them. */
function plainBody(body: unknown): Body {
  if (body === null || body === undefined) return undefined
  if (typeof body === 'string' || body instanceof Uint8Array || isStreamLike(body)) return body as Body
  return typeof body === 'object' ? JSON.stringify(body) : String(body)
}

/** Whether a value yields chunks. Arrays are data, not streams. */
export function isStreamLike(value: unknown): value is AsyncIterable<unknown> | Iterable<unknown> {
  if (typeof value !== 'object' || value === null || value instanceof Uint8Array || Array.isArray(value))
    return false
  return Symbol.asyncIterator in value || Symbol.iterator in value
}

function status(value: unknown): number {
  const number = typeof value === 'string' && value.trim() !== '' ? Number(value) : value
  if (typeof number === 'number' && Number.isInteger(number) && number >= 200 && number <= 599) return number
  throw new TypeError(`statusCode must be an integer from 200 to 599, got ${String(value)}`)
}

function text(value: unknown): string {
  if (typeof value === 'object' || typeof value === 'symbol')
    throw new TypeError('a header value must be text')
  return String(value)
}
