import { type EventJson, onePiece } from '../../batching/event-buffer.ts'
import { keepingLast } from '../keeping-last.ts'
import { jsonBody } from './body.ts'
import type { RequestFacts } from './facts.ts'
import { headerField } from './header-field.ts'
import { fieldsOf, object, optional, quoted, withField } from './json.ts'
import { parseQuery } from './query.ts'
import { requestTime } from './time.ts'

/**
 * Payload format 2.0 of API Gateway HTTP APIs, `rawPath` as received as with Function URLs. Written as text, because
 * nearly every request is one of these: `JSON.stringify` of an object takes twice the time. What is not quoted here
 * cannot need it: methods and protocols are tokens, ids and account numbers are the router's own.
 * https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-develop-integrations-lambda.html
 */
export function eventV2(facts: RequestFacts): EventJson {
  const routeKey = quotedRouteKey(facts.routeKey)
  const path = quoted(facts.rawPath)
  const head =
    `{"version":"2.0","routeKey":${routeKey},"rawPath":${path},"rawQueryString":${quoted(facts.rawQuery)}` +
    optional('cookies', facts.cookies.length === 0 ? undefined : JSON.stringify(facts.cookies)) +
    `,"headers":{${headerFields(facts)}}` +
    optional('queryStringParameters', queryOf(facts.rawQuery)) +
    `,"requestContext":${context(facts, routeKey, path)}` +
    optional('pathParameters', object(facts.pathParameters))
  if (facts.body === undefined || facts.body.length === 0) return onePiece(`${head},"isBase64Encoded":false}`)
  const { text, isBase64Encoded } = jsonBody(facts.body)
  return { head: `${head},"body":"`, body: text, tail: isBase64Encoded ? BASE64_TAIL : TEXT_TAIL }
}

const TEXT_TAIL = '","isBase64Encoded":false}'
const BASE64_TAIL = '","isBase64Encoded":true}'

function context(facts: RequestFacts, routeKey: string, path: string): string {
  const { method, protocol, requestId, arrivedEpochMs } = facts
  const userAgent = facts.headers.get('user-agent')
  const agent = userAgent === undefined ? '' : `,${userAgentField(joined(userAgent))}`
  return (
    `{"accountId":"${facts.target.accountId}","apiId":"lpr",${domainFields(facts.host)}` +
    `,"http":{"method":"${method}","path":${path},"protocol":"${protocol}","sourceIp":${quoted(facts.sourceIp)}${agent}}` +
    `,"requestId":"${requestId}","routeKey":${routeKey},"stage":"$default",${timeFields(arrivedEpochMs)}}`
  )
}

const quotedRouteKey = keepingLast(quoted)

const domainFields = keepingLast((domainName: string) =>
  fieldsOf({ domainName, domainPrefix: domainName.split('.', 1)[0] ?? '' }),
)

const userAgentField = keepingLast((userAgent: string) => fieldsOf({ userAgent }))

/** A busy router is asked for the same millisecond many times. */
const timeFields = keepingLast((timeEpoch: number) => fieldsOf({ time: requestTime(timeEpoch), timeEpoch }))

/** Names of headers are tokens (RFC 9110 section 5.1), or Node would not have let them through. Cookies have their own field. */
function headerFields({ headers, contextFields }: RequestFacts): string {
  let fields = contextFields
  for (const [name, values] of headers) {
    if (name === 'cookie') continue
    const field = headerField(name, joined(values))
    fields = fields === '' ? field : `${fields},${field}`
  }
  return fields
}

function queryOf(rawQuery: string): string | undefined {
  if (rawQuery === '') return undefined
  let fields = ''
  for (const [name, values] of parseQuery(rawQuery)) fields = withField(fields, name, joined(values))
  return fields === '' ? undefined : `{${fields}}`
}

function joined(values: string[]): string {
  return values.length === 1 ? (values[0] ?? '') : values.join(',')
}
