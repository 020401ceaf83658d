import { decodeAwsChunked } from './aws-chunked.ts'
import { checkBody, etagOf } from './checksums.ts'
import { headerNotImplemented, noSuchBucket, noSuchKey, preconditionFailed, S3Error } from './errors.ts'
import type { Operation, S3Request } from './s3-request.ts'
import type { Bucket, StoredObject } from './store.ts'
import { parseTaggingHeader, parseTaggingXml, toTaggingXml } from './tagging.ts'

/** What goes back to the client. */
export interface S3Response {
  status: number
  headers: Record<string, string | number>
  body?: Buffer
}

/** Where requests look for their objects. */
export interface Account {
  accountId: string
  buckets: ReadonlyMap<string, Bucket>
}

/** Carries out a request. Throws `S3Error`. */
export function perform(account: Account, request: S3Request, body: Buffer): S3Response {
  const bucket = account.buckets.get(request.bucket)
  if (bucket === undefined) throw noSuchBucket(request.bucket)
  const owner = request.headers['x-amz-expected-bucket-owner']
  if (owner !== undefined && owner !== account.accountId)
    throw new S3Error('AccessDenied', 403, 'Access Denied')
  return OPERATIONS[request.operation](bucket, request, body)
}

type Perform = (bucket: Bucket, request: S3Request, body: Buffer) => S3Response

const OPERATIONS: Record<Operation, Perform> = {
  PutObject: putObject,
  GetObject: getObject,
  HeadObject: (bucket, request) => withoutBody(getObject(bucket, request)),
  DeleteObject: deleteObject,
  PutObjectTagging: putObjectTagging,
  GetObjectTagging: getObjectTagging,
}

const METADATA = 'x-amz-meta-'

/** Headers that are kept with an object and returned with it. */
const KEPT_HEADERS = [
  'cache-control',
  'content-disposition',
  'content-language',
  'expires',
  'x-amz-server-side-encryption',
  'x-amz-storage-class',
]

function putObject(bucket: Bucket, { key, headers }: S3Request, received: Buffer): S3Response {
  checkPutConditions(bucket, key, headers)
  const { body, trailers, contentEncoding } = decodeBody(headers, received)
  const checksums = checkBody(body, { ...headers, ...trailers })
  const kept = KEPT_HEADERS.filter((name) => headers[name] !== undefined).map((name) => [name, headers[name]])
  const object: StoredObject = {
    body,
    contentType: headers['content-type'] ?? 'binary/octet-stream',
    etag: etagOf(body),
    lastModified: new Date(),
    metadata: metadataOf(headers),
    tags: parseTaggingHeader(headers['x-amz-tagging']),
    headers: {
      ...Object.fromEntries(kept),
      ...(contentEncoding !== '' && { 'content-encoding': contentEncoding }),
    },
    checksums,
  }
  bucket.set(key, object)
  return { status: 200, headers: { ETag: object.etag, ...checksums } }
}

function getObject(bucket: Bucket, { key, headers }: S3Request): S3Response {
  const object = find(bucket, key)
  const { etag, body, tags, metadata } = object
  if (headers['if-match'] !== undefined && !matches(headers['if-match'], etag))
    throw preconditionFailed('If-Match')
  if (headers['if-none-match'] !== undefined && matches(headers['if-none-match'], etag)) {
    return { status: 304, headers: { ETag: etag } }
  }
  const custom = Object.entries(metadata).map(([name, value]) => [METADATA + name, value])
  const tagCount = Object.keys(tags).length
  return {
    status: 200,
    headers: {
      ...object.headers,
      ...Object.fromEntries(custom),
      ...(headers['x-amz-checksum-mode']?.toUpperCase() === 'ENABLED' && object.checksums),
      ...(tagCount > 0 && { 'x-amz-tagging-count': tagCount }),
      'Content-Type': object.contentType,
      'Content-Length': body.length,
      ETag: etag,
      'Last-Modified': object.lastModified.toUTCString(),
    },
    body,
  }
}

function deleteObject(bucket: Bucket, { key }: S3Request): S3Response {
  bucket.delete(key)
  return { status: 204, headers: {} }
}

function putObjectTagging(bucket: Bucket, { key, headers }: S3Request, received: Buffer): S3Response {
  const object = find(bucket, key)
  const { body, trailers } = decodeBody(headers, received)
  checkBody(body, { ...headers, ...trailers })
  object.tags = parseTaggingXml(body.toString('utf8'))
  return { status: 200, headers: {} }
}

function getObjectTagging(bucket: Bucket, { key }: S3Request): S3Response {
  const body = Buffer.from(toTaggingXml(find(bucket, key).tags))
  return { status: 200, headers: { 'Content-Type': 'application/xml', 'Content-Length': body.length }, body }
}

function withoutBody({ status, headers }: S3Response): S3Response {
  return { status, headers }
}

function find(bucket: Bucket, key: string): StoredObject {
  const object = bucket.get(key)
  if (object === undefined) throw noSuchKey(key)
  return object
}

/** Conditional writes, https://docs.aws.amazon.com/AmazonS3/latest/userguide/conditional-writes.html. */
function checkPutConditions(bucket: Bucket, key: string, headers: Record<string, string>): void {
  const ifNoneMatch = headers['if-none-match']
  if (ifNoneMatch !== undefined && ifNoneMatch !== '*')
    throw headerNotImplemented('If-None-Match other than *')
  if (ifNoneMatch === '*' && bucket.has(key)) throw preconditionFailed('If-None-Match')
  const ifMatch = headers['if-match']
  if (ifMatch !== undefined && !matches(ifMatch, find(bucket, key).etag)) throw preconditionFailed('If-Match')
}

function matches(condition: string, etag: string): boolean {
  const bare = etag.replaceAll('"', '')
  return condition.split(',').some((one) => one.trim() === '*' || one.trim().replaceAll('"', '') === bare)
}

function decodeBody(headers: Record<string, string>, received: Buffer) {
  const encodings = (headers['content-encoding'] ?? '').split(',').map((encoding) => encoding.trim())
  const contentEncoding = encodings
    .filter((encoding) => encoding !== 'aws-chunked' && encoding !== '')
    .join(',')
  const chunked =
    encodings.includes('aws-chunked') || headers['x-amz-content-sha256']?.startsWith('STREAMING-') === true
  if (!chunked) return { body: received, trailers: {}, contentEncoding }
  const length = headers['x-amz-decoded-content-length']
  return { ...decodeAwsChunked(received, length === undefined ? undefined : Number(length)), contentEncoding }
}

function metadataOf(headers: Record<string, string>): Record<string, string> {
  const custom = Object.entries(headers).filter(([name]) => name.startsWith(METADATA))
  return Object.fromEntries(custom.map(([name, value]) => [name.slice(METADATA.length), value]))
}
