import { emptyMap } from '../target.ts'
import { eventBody } from './body.ts'
import type { RequestFacts } from './facts.ts'
import { joined, parseQuery } from './query.ts'
import { requestTime } from './time.ts'

/**
 * Payload format 2.0 of API Gateway HTTP APIs, `rawPath` as received as with Function URLs.
 * https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-develop-integrations-lambda.html
 */
export function eventV2(facts: RequestFacts): object {
  const { headers, cookies, pathParameters, host } = facts
  return {
    version: '2.0',
    routeKey: facts.routeKey,
    rawPath: facts.rawPath,
    rawQueryString: facts.rawQuery,
    cookies: cookies.length === 0 ? undefined : cookies,
    headers: withoutCookie(headers),
    queryStringParameters: joined(parseQuery(facts.rawQuery), ','),
    requestContext: {
      accountId: facts.target.accountId,
      apiId: 'lpr',
      domainName: host,
      domainPrefix: host.split('.')[0],
      http: {
        method: facts.method,
        path: facts.rawPath,
        protocol: facts.protocol,
        sourceIp: facts.sourceIp,
        userAgent: headers.get('user-agent')?.join(','),
      },
      requestId: facts.requestId,
      routeKey: facts.routeKey,
      stage: '$default',
      time: requestTime(facts.arrivedEpochMs),
      timeEpoch: facts.arrivedEpochMs,
    },
    pathParameters: Object.keys(pathParameters).length === 0 ? undefined : pathParameters,
    ...eventBody(facts.body),
  }
}

function withoutCookie(headers: Map<string, string[]>): Record<string, string> {
  const map = emptyMap<string>()
  for (const [name, values] of headers) if (name !== 'cookie') map[name] = values.join(',')
  return map
}
