import type { ApiCall } from './iam.ts'
import type { RecordedRequest } from './recording-proxy.ts'

/** Where the calls were made. */
export interface Place {
  partition: string
  region: string
  accountId: string
}

/** The S3 permissions that a request in path style needs. Throws for an operation that it does not know. */
export function s3Calls({ method, url, headers }: RecordedRequest, { partition }: Place): ApiCall[] {
  const { pathname } = new URL(url, 'http://s3')
  const resource = `arn:${partition}:s3:::${decodeURIComponent(pathname.slice(1))}`
  if (method === 'GET') return [{ action: 's3:GetObject', resource }]
  if (method !== 'PUT') throw new Error(`unknown S3 operation ${method} ${url}`)
  const tagging = headers['x-amz-tagging'] === undefined ? [] : [{ action: 's3:PutObjectTagging', resource }]
  return [{ action: 's3:PutObject', resource }, ...tagging]
}

const INVOCATION =
  /^\/(?:2015-03-31\/functions\/([^/]+)\/invocations|2021-11-15\/functions\/([^/]+)\/response-streaming-invocations)$/

/** The Lambda permission that a request needs: both ways to invoke need the same. */
export function lambdaCall({ method, url }: RecordedRequest, place: Place): ApiCall {
  const { pathname, searchParams } = new URL(url, 'http://lambda')
  const [, buffered, streamed] = INVOCATION.exec(pathname) ?? []
  const name = buffered ?? streamed
  if (method !== 'POST' || name === undefined) throw new Error(`unknown Lambda operation ${method} ${url}`)
  const arn = functionArn(decodeURIComponent(name), place)
  const qualifier = searchParams.get('Qualifier')
  return { action: 'lambda:InvokeFunction', resource: qualifier === null ? arn : `${arn}:${qualifier}` }
}

function functionArn(name: string, { partition, region, accountId }: Place): string {
  return name.startsWith('arn:') ? name : `arn:${partition}:lambda:${region}:${accountId}:function:${name}`
}
