import { Readable } from 'node:stream'
import {
  ChecksumAlgorithm,
  DeleteObjectCommand,
  GetObjectCommand,
  GetObjectTaggingCommand,
  HeadObjectCommand,
  ListObjectsV2Command,
  PutObjectCommand,
  PutObjectTaggingCommand,
  S3Client,
} from '@aws-sdk/client-s3'
import { afterEach, beforeEach, expect, test } from '@jest/globals'
import { LocalS3 } from './index.ts'

const Bucket = 'configs'
const OWNER = '111122223333'
let s3: LocalS3
let client: S3Client

beforeEach(async () => {
  s3 = await LocalS3.start({ buckets: [Bucket, 'other'], accountId: OWNER })
  const credentials = { accessKeyId: 'test', secretAccessKey: 'test' }
  client = new S3Client({
    endpoint: s3.url,
    region: 'us-east-1',
    credentials,
    forcePathStyle: true,
    maxAttempts: 1,
  })
})

afterEach(async () => {
  client.destroy()
  await s3.stop()
})

test('an object comes back as it was put', async () => {
  const Key = 'lpr/a b+c/ü&?%.json'
  const put = await client.send(
    new PutObjectCommand({
      Bucket,
      Key,
      Body: '{"a":1}',
      ContentType: 'application/json',
      CacheControl: 'max-age=60',
      Metadata: { sha256: 'abc', stack: 'demo' },
      Tagging: 'lpr=yes&who=a%20b',
    }),
  )
  expect(put.ETag).toBe('"bb6cb5c68df4652941caf652a366f2d8"')
  const got = await client.send(new GetObjectCommand({ Bucket, Key, ChecksumMode: 'ENABLED' }))
  expect(await got.Body?.transformToString()).toBe('{"a":1}')
  expect(got).toMatchObject({
    ContentType: 'application/json',
    ContentLength: 7,
    CacheControl: 'max-age=60',
    ETag: put.ETag,
    Metadata: { sha256: 'abc', stack: 'demo' },
    TagCount: 2,
    ChecksumCRC32: put.ChecksumCRC32,
    LastModified: expect.any(Date),
  })
  expect(put.ChecksumCRC32).toBeDefined()
  const head = await client.send(new HeadObjectCommand({ Bucket, Key }))
  expect(head).toMatchObject({ ContentLength: 7, ETag: put.ETag, Metadata: { sha256: 'abc' } })
  expect([...s3.objects(Bucket).keys()]).toEqual([Key])
  expect(s3.objects(Bucket).get(Key)).toMatchObject({ tags: { lpr: 'yes', who: 'a b' } })
  expect(s3.objects('other').size).toBe(0)
})

test('a streamed body with a trailing checksum is decoded and checked', async () => {
  const pieces = ['first ', 'x'.repeat(100_000), ' last']
  const Body = Readable.from(pieces.map((piece) => Buffer.from(piece)))
  const ContentLength = pieces.join('').length
  await client.send(
    new PutObjectCommand({ Bucket, Key: 'streamed', Body, ContentLength, ContentEncoding: 'gzip' }),
  )
  const object = s3.objects(Bucket).get('streamed')
  expect(object?.body.toString()).toBe(pieces.join(''))
  expect(object?.headers).toEqual({ 'content-encoding': 'gzip' })
  expect(Object.keys(object?.checksums ?? {})).toEqual(['x-amz-checksum-crc32'])
})

test.each([ChecksumAlgorithm.SHA1, ChecksumAlgorithm.SHA256, ChecksumAlgorithm.CRC32])(
  'a body is checked against its %s',
  async (algorithm) => {
    const input = { Bucket, Key: 'checked', Body: 'body' }
    await client.send(new PutObjectCommand({ ...input, ChecksumAlgorithm: algorithm }))
    const wrong = { ...input, [`Checksum${algorithm}`]: Buffer.alloc(4).toString('base64') }
    await expect(client.send(new PutObjectCommand(wrong))).rejects.toMatchObject({ name: 'BadDigest' })
  },
)

test('tags are replaced as a whole', async () => {
  const object = { Bucket, Key: 'tagged' }
  await client.send(new PutObjectCommand({ ...object, Body: 'x', Tagging: 'old=1' }))
  const TagSet = [
    { Key: 'lpr-superseded', Value: '<&>"' },
    { Key: 'empty', Value: '' },
  ]
  await client.send(new PutObjectTaggingCommand({ ...object, Tagging: { TagSet } }))
  expect((await client.send(new GetObjectTaggingCommand(object))).TagSet).toEqual(TagSet)
  await client.send(new PutObjectTaggingCommand({ ...object, Tagging: { TagSet: [] } }))
  expect((await client.send(new GetObjectTaggingCommand(object))).TagSet).toEqual([])
})

test('tags beyond the limits of S3 are refused', async () => {
  const object = { Bucket, Key: 'tagged' }
  const eleven = Array.from({ length: 11 }, (_, n) => `k${n}=v`).join('&')
  await expect(put(eleven)).rejects.toMatchObject({ name: 'BadRequest' })
  await expect(put('a=1&a=2')).rejects.toMatchObject({ name: 'InvalidTag' })
  await expect(put(`${'k'.repeat(129)}=v`)).rejects.toMatchObject({ name: 'InvalidTag' })
  await expect(put(`k=${'v'.repeat(257)}`)).rejects.toMatchObject({ name: 'InvalidTag' })
  expect(s3.objects(Bucket).size).toBe(0)

  function put(Tagging: string): Promise<unknown> {
    return client.send(new PutObjectCommand({ ...object, Body: 'x', Tagging }))
  }
})

test('a conditional put writes only what is not there', async () => {
  const first = { Bucket, Key: 'once', IfNoneMatch: '*' }
  const { ETag } = await client.send(new PutObjectCommand({ ...first, Body: 'one' }))
  await expect(client.send(new PutObjectCommand({ ...first, Body: 'two' }))).rejects.toMatchObject({
    name: 'PreconditionFailed',
    $metadata: { httpStatusCode: 412 },
  })
  expect(s3.objects(Bucket).get('once')?.body.toString()).toBe('one')
  const replace = { Bucket, Key: 'once', Body: 'three' }
  await expect(client.send(new PutObjectCommand({ ...replace, IfMatch: '"other"' }))).rejects.toMatchObject({
    name: 'PreconditionFailed',
  })
  await client.send(new PutObjectCommand({ ...replace, IfMatch: ETag }))
  expect(s3.objects(Bucket).get('once')?.body.toString()).toBe('three')
})

test('a conditional get answers by entity tag', async () => {
  const object = { Bucket, Key: 'cached' }
  const { ETag } = await client.send(new PutObjectCommand({ ...object, Body: 'one' }))
  await expect(client.send(new GetObjectCommand({ ...object, IfNoneMatch: ETag }))).rejects.toMatchObject({
    $metadata: { httpStatusCode: 304 },
  })
  await expect(client.send(new GetObjectCommand({ ...object, IfMatch: '"other"' }))).rejects.toMatchObject({
    name: 'PreconditionFailed',
  })
  await client.send(new GetObjectCommand({ ...object, IfMatch: ETag, IfNoneMatch: '"other"' }))
})

test('deleting works for what is there and for what is not', async () => {
  const object = { Bucket, Key: 'gone' }
  await client.send(new PutObjectCommand({ ...object, Body: 'x' }))
  await client.send(new DeleteObjectCommand(object))
  expect(s3.objects(Bucket).size).toBe(0)
  const again = await client.send(new DeleteObjectCommand(object))
  expect(again.$metadata.httpStatusCode).toBe(204)
})

test('what does not exist is reported as S3 reports it', async () => {
  const get = (bucket: string) => client.send(new GetObjectCommand({ Bucket: bucket, Key: 'k' }))
  await expect(get(Bucket)).rejects.toMatchObject({ name: 'NoSuchKey', Key: 'k' })
  await expect(get('nowhere')).rejects.toMatchObject({ name: 'NoSuchBucket', BucketName: 'nowhere' })
  await expect(client.send(new HeadObjectCommand({ Bucket, Key: 'k' }))).rejects.toMatchObject({
    name: 'NotFound',
    $metadata: { httpStatusCode: 404 },
  })
  await expect(client.send(new GetObjectTaggingCommand({ Bucket, Key: 'k' }))).rejects.toMatchObject({
    name: 'NoSuchKey',
  })
  expect(() => s3.objects('nowhere')).toThrow('bucket nowhere: expected one of configs, other')
})

test('the owner of a bucket is checked when it is named', async () => {
  const object = { Bucket, Key: 'owned' }
  await client.send(new PutObjectCommand({ ...object, Body: 'x', ExpectedBucketOwner: OWNER }))
  const foreign = new GetObjectCommand({ ...object, ExpectedBucketOwner: '999999999999' })
  await expect(client.send(foreign)).rejects.toMatchObject({
    name: 'AccessDenied',
    $metadata: { httpStatusCode: 403 },
  })
})

test('what is not implemented is refused by its name', async () => {
  await expect(client.send(new ListObjectsV2Command({ Bucket }))).rejects.toMatchObject({
    name: 'NotImplemented',
    message: 'The local S3 does not implement ListObjectsV2.',
    $metadata: { httpStatusCode: 501 },
  })
  await expect(
    client.send(new GetObjectCommand({ Bucket, Key: 'k', Range: 'bytes=0-1' })),
  ).rejects.toMatchObject({
    name: 'NotImplemented',
    Header: 'range',
  })
  await expect(client.send(new GetObjectCommand({ Bucket, Key: 'k', VersionId: '1' }))).rejects.toMatchObject(
    {
      message: 'The local S3 does not implement GetObject with versionId.',
    },
  )
  const crc32c = new PutObjectCommand({ Bucket, Key: 'k', Body: 'x', ChecksumCRC32C: 'AAAAAA==' })
  await expect(client.send(crc32c)).rejects.toMatchObject({
    name: 'NotImplemented',
    Header: 'x-amz-checksum-crc32c',
  })
})
