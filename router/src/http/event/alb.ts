import { eventBody } from './body.ts'
import type { RequestFacts } from './facts.ts'
import { allValues } from './query.ts'

/**
 * The event of an Application Load Balancer's Lambda target with multi-value headers on. Query values stay encoded,
 * as ALB leaves them. It has no place for the request id but `requestContext`, where adapters look for it.
 * https://docs.aws.amazon.com/elasticloadbalancing/latest/application/lambda-functions.html
 */
export function eventAlb(facts: RequestFacts): object {
  const { body = '', isBase64Encoded } = eventBody(facts.body)
  const { partition, region, accountId } = facts.target
  const targetGroupArn = `arn:${partition}:elasticloadbalancing:${region}:${accountId}:targetgroup/lpr/0000000000000000`
  return {
    requestContext: { elb: { targetGroupArn }, requestId: facts.requestId },
    httpMethod: facts.method,
    path: facts.rawPath,
    multiValueQueryStringParameters: allValues(undecoded(facts.rawQuery)),
    multiValueHeaders: allValues(facts.headers),
    body,
    isBase64Encoded,
  }
}

function undecoded(rawQuery: string): Map<string, string[]> {
  const values = new Map<string, string[]>()
  for (const pair of rawQuery.split('&').filter((part) => part !== '')) {
    const [name = '', ...rest] = pair.split('=')
    values.set(name, [...(values.get(name) ?? []), rest.join('=')])
  }
  return values
}
