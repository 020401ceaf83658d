import type { IncomingMessage } from 'node:http'
import { headerNotImplemented, invalidRequest, operationNotImplemented, S3Error } from './errors.ts'

/** What this S3 can do. */
export type Operation =
  | 'PutObject'
  | 'GetObject'
  | 'HeadObject'
  | 'DeleteObject'
  | 'PutObjectTagging'
  | 'GetObjectTagging'

/** A request for one object, path style. */
export interface S3Request {
  operation: Operation
  bucket: string
  key: string
  /** Names in lower case. */
  headers: Record<string, string>
}

/** Reads a request. What S3 has and this one does not is refused by its name. */
export function parseRequest(http: IncomingMessage): S3Request {
  const method = http.method ?? ''
  // Not by the rules of URLs: dots and empty segments belong to the key.
  const [, pathname = '', query] = /^([^?]*)\??(.*)$/.exec(http.url ?? '') ?? []
  const searchParams = new URLSearchParams(query)
  const [, bucket = '', path = ''] = /^\/([^/]*)\/?([\s\S]*)$/.exec(pathname) ?? []
  const headers = flatten(http.headers)
  const level = path !== '' ? 'object' : bucket !== '' ? 'bucket' : 'service'
  const operation = nameOperation(method, level, searchParams, headers)
  const version = searchParams.get('versionId')
  if (version !== null) throw operationNotImplemented(`${operation} with versionId`)
  const unsupported = UNSUPPORTED_HEADERS.find((header) => headers[header] !== undefined)
  if (unsupported !== undefined) throw headerNotImplemented(unsupported)
  return { operation, bucket, key: decode(path), headers }
}

type Level = 'service' | 'bucket' | 'object'

/** Method, level and sub-resource of each operation; the first that fits names the request. */
const OPERATIONS: [method: string, level: Level, subResource: string | undefined, name: string][] = [
  ['PUT', 'object', 'tagging', 'PutObjectTagging'],
  ['GET', 'object', 'tagging', 'GetObjectTagging'],
  ['DELETE', 'object', 'tagging', 'DeleteObjectTagging'],
  ['POST', 'object', 'uploads', 'CreateMultipartUpload'],
  ['PUT', 'object', 'uploadId', 'UploadPart'],
  ['GET', 'object', 'uploadId', 'ListParts'],
  ['POST', 'object', 'uploadId', 'CompleteMultipartUpload'],
  ['DELETE', 'object', 'uploadId', 'AbortMultipartUpload'],
  ['GET', 'object', 'acl', 'GetObjectAcl'],
  ['PUT', 'object', 'acl', 'PutObjectAcl'],
  ['GET', 'object', 'attributes', 'GetObjectAttributes'],
  ['PUT', 'object', undefined, 'PutObject'],
  ['GET', 'object', undefined, 'GetObject'],
  ['HEAD', 'object', undefined, 'HeadObject'],
  ['DELETE', 'object', undefined, 'DeleteObject'],
  ['GET', 'bucket', 'list-type', 'ListObjectsV2'],
  ['GET', 'bucket', 'versions', 'ListObjectVersions'],
  ['GET', 'bucket', 'location', 'GetBucketLocation'],
  ['GET', 'bucket', 'uploads', 'ListMultipartUploads'],
  ['POST', 'bucket', 'delete', 'DeleteObjects'],
  ['GET', 'bucket', undefined, 'ListObjects'],
  ['HEAD', 'bucket', undefined, 'HeadBucket'],
  ['PUT', 'bucket', undefined, 'CreateBucket'],
  ['DELETE', 'bucket', undefined, 'DeleteBucket'],
  ['GET', 'service', undefined, 'ListBuckets'],
]

const SUPPORTED: ReadonlySet<string> = new Set<Operation>([
  'PutObject',
  'GetObject',
  'HeadObject',
  'DeleteObject',
  'PutObjectTagging',
  'GetObjectTagging',
])

/** Headers that would change the answer: better refused than overlooked. */
const UNSUPPORTED_HEADERS = ['range', 'if-modified-since', 'if-unmodified-since']

/** Query parameters that say nothing about the operation: the SDK's hint, and presigned signatures. */
const IGNORED_PARAMETERS = /^(x-id$|x-amz-|versionId$)/i

function nameOperation(
  method: string,
  level: Level,
  query: URLSearchParams,
  headers: Record<string, string>,
): Operation {
  const parameters = [...query.keys()].filter((name) => !IGNORED_PARAMETERS.test(name))
  const [, , subResource, name] =
    OPERATIONS.find(([m, l, sub]) => m === method && l === level && (sub === undefined || query.has(sub))) ??
    []
  if (name === undefined) {
    const message = 'The specified method is not allowed against this resource.'
    throw new S3Error('MethodNotAllowed', 405, message, { Method: method, ResourceType: level.toUpperCase() })
  }
  if (name === 'PutObject' && headers['x-amz-copy-source'] !== undefined)
    throw operationNotImplemented('CopyObject')
  const other = parameters.find((parameter) => parameter !== subResource)
  if (!isOperation(name)) throw operationNotImplemented(name)
  if (other !== undefined) throw operationNotImplemented(`${name} with ${other}`)
  return name
}

function isOperation(name: string): name is Operation {
  return SUPPORTED.has(name)
}

function flatten(headers: IncomingMessage['headers']): Record<string, string> {
  const entries = Object.entries(headers).map(([name, value]) => [name, String(value)])
  return Object.fromEntries(entries)
}

function decode(path: string): string {
  try {
    return decodeURIComponent(path)
  } catch {
    throw invalidRequest(`key ${JSON.stringify(path)}: expected valid percent-encoding`)
  }
}
