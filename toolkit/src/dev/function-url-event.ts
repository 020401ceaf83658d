import { randomUUID } from 'node:crypto'
import type { IncomingHttpHeaders, IncomingMessage } from 'node:http'
import { isObject, type JsonObject, objectOrEmpty } from '../json.ts'

const MONTHS = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec']
const TEXT_TYPE = /^(text\/|application\/(json|javascript|xml|x-www-form-urlencoded)|[^;]*\+(json|xml))/i

/**
 * The event of a request to a function URL, shape 2.0.
 * https://docs.aws.amazon.com/lambda/latest/dg/urls-invocation.html
 */
export function functionUrlEvent(
  request: IncomingMessage,
  body: Buffer,
  accountId: string,
  now = new Date(),
): JsonObject {
  const url = new URL(request.url ?? '/', 'http://localhost')
  const rawPath = (request.url ?? '/').split('?')[0] ?? '/'
  const rawQueryString = url.search.slice(1)
  const { cookie, ...headers } = request.headers
  const isText = body.length === 0 || TEXT_TYPE.test(request.headers['content-type'] ?? '')
  const query = queryParameters(url.searchParams)
  return {
    version: '2.0',
    routeKey: '$default',
    rawPath,
    rawQueryString,
    ...(cookie === undefined ? {} : { cookies: cookie.split('; ') }),
    headers: joined(headers),
    ...(Object.keys(query).length === 0 ? {} : { queryStringParameters: query }),
    requestContext: {
      accountId,
      apiId: 'local',
      domainName: request.headers.host ?? 'localhost',
      domainPrefix: 'local',
      http: {
        method: request.method,
        path: rawPath,
        protocol: `HTTP/${request.httpVersion}`,
        sourceIp: request.socket.remoteAddress ?? '',
        userAgent: request.headers['user-agent'] ?? '',
      },
      requestId: randomUUID(),
      routeKey: '$default',
      stage: '$default',
      time: commonLogTime(now),
      timeEpoch: now.getTime(),
    },
    ...(body.length === 0 ? {} : { body: body.toString(isText ? 'utf8' : 'base64') }),
    isBase64Encoded: !isText,
  }
}

export interface HttpAnswer {
  status: number
  headers: Record<string, string | string[]>
  body: Buffer
}

/** What a function URL answers for a function's result: a whole response, or JSON inferred from any other value. */
export function functionUrlAnswer(payload: unknown): HttpAnswer {
  if (!isObject(payload) || payload.statusCode === undefined) {
    const body = payload === undefined ? '' : JSON.stringify(payload)
    return { status: 200, headers: { 'content-type': 'application/json' }, body: Buffer.from(body) }
  }
  const { statusCode, headers, cookies, body, isBase64Encoded } = payload
  const text =
    typeof body === 'string' ? body : body === undefined || body === null ? '' : JSON.stringify(body)
  const given = Object.entries(objectOrEmpty(headers)).map(([name, value]) => [
    name.toLowerCase(),
    String(value),
  ])
  return {
    status: Number(statusCode),
    headers: {
      'content-type': 'application/json',
      ...Object.fromEntries(given),
      ...(Array.isArray(cookies) && cookies.length > 0 ? { 'set-cookie': cookies.map(String) } : {}),
    },
    body: Buffer.from(text, isBase64Encoded === true ? 'base64' : 'utf8'),
  }
}

function joined(headers: IncomingHttpHeaders): Record<string, string> {
  return Object.fromEntries(
    Object.entries(headers).map(([name, value]) => [
      name,
      Array.isArray(value) ? value.join(',') : (value ?? ''),
    ]),
  )
}

function queryParameters(search: URLSearchParams): Record<string, string> {
  return Object.fromEntries([...new Set(search.keys())].map((name) => [name, search.getAll(name).join(',')]))
}

/** `12/Mar/2026:19:03:58 +0000`, as API Gateway writes it. */
function commonLogTime(now: Date): string {
  const iso = now.toISOString()
  return `${iso.slice(8, 10)}/${MONTHS[now.getUTCMonth()]}/${iso.slice(0, 4)}:${iso.slice(11, 19)} +0000`
}
