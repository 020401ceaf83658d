import { eventBody } from './body.ts'
import type { RequestFacts } from './facts.ts'
import { allValues, lastValues, parseQuery } from './query.ts'
import { requestTime } from './time.ts'

/**
 * Payload format 1.0: the REST API proxy event, with multi-value maps; missing maps are null, as in AWS's sample.
 * https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-develop-integrations-lambda.html
 */
export function eventV1(facts: RequestFacts): object {
  const query = parseQuery(facts.rawQuery)
  const { body, isBase64Encoded } = eventBody(facts.body)
  return {
    version: '1.0',
    resource: facts.resource,
    path: facts.rawPath,
    httpMethod: facts.method,
    headers: lastValues(facts.headers),
    multiValueHeaders: allValues(facts.headers),
    queryStringParameters: query.size === 0 ? null : lastValues(query),
    multiValueQueryStringParameters: query.size === 0 ? null : allValues(query),
    requestContext: context(facts),
    pathParameters: facts.pathParameters.length === 0 ? null : Object.fromEntries(facts.pathParameters),
    stageVariables: null,
    body: body ?? null,
    isBase64Encoded,
  }
}

function context(facts: RequestFacts): object {
  return {
    accountId: facts.target.accountId,
    apiId: 'lpr',
    domainName: facts.host,
    domainPrefix: facts.host.split('.')[0],
    extendedRequestId: facts.requestId,
    httpMethod: facts.method,
    identity: { sourceIp: facts.sourceIp, userAgent: facts.headers.get('user-agent')?.at(-1) ?? null },
    path: facts.rawPath,
    protocol: facts.protocol,
    requestId: facts.requestId,
    requestTime: requestTime(facts.arrivedEpochMs),
    requestTimeEpoch: facts.arrivedEpochMs,
    resourceId: facts.routeKey,
    resourcePath: facts.resource,
    stage: '$default',
  }
}
