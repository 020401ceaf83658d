import { execFile } from 'node:child_process'
import { createHash } from 'node:crypto'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'
import { promisify } from 'node:util'
import {
  CreateBucketCommand,
  GetObjectCommand,
  GetObjectTaggingCommand,
  ListObjectsV2Command,
  S3Client,
} from '@aws-sdk/client-s3'
import { validateManifest } from '@lpr/contract'
import { CustomResources, RecordingProxy, type ResourceRequest } from '@lpr/test-kit/cloudformation'
import { Moto } from '@lpr/test-kit/python'
import { LocalS3 } from 'lpr-toolkit/local-s3'

type Properties = Record<string, unknown>

const run = promisify(execFile)
const root = join(dirname(fileURLToPath(import.meta.url)), '..', '..', '..')
const BUNDLE = pathToFileURL(join(root, 'bootstrap', 'config-publisher', 'dist', 'app.mjs')).href
const ACCOUNT = '123456789012'
const TARGET = `arn:aws:lambda:eu-central-1:${ACCOUNT}:function:orders`
const SETTINGS = { maxWaitMs: 25, maxBatchSize: 4, bisectBatchOnFunctionError: true }
const GOOD: Properties = {
  ServiceToken: `arn:aws:lambda:eu-central-1:${ACCOUNT}:function:publisher`,
  ServiceTimeout: 120,
  Prefix: '/team/orders',
  Port: 8080,
  RouterConfig: { MaxInflightInvocations: 64, IncludeBatchHeaders: true },
  Spec: { paths: { '/grüße/{id}': { get: { 'x-target-lambda': TARGET, 'x-lpr': SETTINGS } } } },
}
const OTHER: Properties = { ...GOOD, RouterConfig: { MaxInflightInvocations: 65 } }

let moto: Moto
let proxy: RecordingProxy
let cloudFormation: CustomResources
let s3: S3Client
let directory: string
/** Variables of the function, beside credentials. */
let environment: Record<string, string>
/** Of the last call. */
let printed = ''

beforeAll(async () => {
  await run(process.execPath, [join(root, 'scripts', 'build.mjs'), 'publisher'])
  directory = mkdtempSync(join(tmpdir(), 'lpr-publisher-'))
  moto = await Moto.start()
  proxy = await RecordingProxy.start(moto.url)
  cloudFormation = await CustomResources.start((_, event) => invoke(event))
  writeFileSync(join(directory, 'ca.pem'), cloudFormation.certificate)
  const credentials = { accessKeyId: 'key', secretAccessKey: 'secret' }
  s3 = new S3Client({ endpoint: moto.url, forcePathStyle: true, region: 'us-east-1', credentials })
})
afterAll(async () => {
  s3.destroy()
  await cloudFormation.stop()
  await proxy.stop()
  await moto.stop()
  rmSync(directory, { recursive: true })
})

let bucket: string
let count = 0
beforeEach(async () => {
  count += 1
  bucket = `bucket-${count}`
  proxy.requests.length = 0
  await s3.send(new CreateBucketCommand({ Bucket: bucket }))
  environment = { AWS_ENDPOINT_URL_S3: proxy.url, LPR_DEFAULT_BUCKET: bucket }
})

/** The bundle in a process of its own, as in Lambda. */
async function invoke(event: unknown): Promise<void> {
  const script = `import { handler } from ${JSON.stringify(BUNDLE)}
    await handler(${JSON.stringify(event)}, { logStreamName: 'stream' })`
  const { stdout } = await run(process.execPath, ['--input-type=module', '-e', script], {
    env: {
      ...{ PATH: process.env.PATH, NODE_EXTRA_CA_CERTS: join(directory, 'ca.pem') },
      ...{ AWS_REGION: 'us-east-1', AWS_ACCESS_KEY_ID: 'key', AWS_SECRET_ACCESS_KEY: 'secret' },
      ...environment,
    },
  })
  printed = stdout
}

function request(properties: Properties): ResourceRequest {
  return {
    stackName: 'stack',
    stackId: `arn:aws:cloudformation:eu-central-1:${ACCOUNT}:stack/stack/1`,
    logicalId: 'RouterLprConfigPublisher',
    type: 'Custom::LprConfigPublisher',
    properties,
  }
}

const create = (properties: Properties) => cloudFormation.create(request(properties))
const update = (properties: Properties, before: Properties) =>
  cloudFormation.update(request(properties), { physicalId: 'id-of-before', properties: before })
const lastReply = () => cloudFormation.replies.at(-1) ?? { bytes: 0, body: {} }

async function read(key: unknown) {
  const place = { Bucket: bucket, Key: String(key) }
  const object = await s3.send(new GetObjectCommand(place))
  const { TagSet } = await s3.send(new GetObjectTaggingCommand(place))
  return { ...object, bytes: Buffer.from((await object.Body?.transformToByteArray()) ?? []), tags: TagSet }
}

async function keys(): Promise<unknown[]> {
  const { Contents = [] } = await s3.send(new ListObjectsV2Command({ Bucket: bucket }))
  return Contents.map(({ Key }) => Key)
}

test('a manifest lies where its own hash says, with its metadata and without a tag', async () => {
  const { physicalId, attributes } = await create(GOOD)
  const [key] = await keys()
  const { bytes, tags, ContentType, Metadata } = await read(key)
  const sha256 = createHash('sha256').update(bytes).digest('hex')
  expect(physicalId).toBe(`lpr-config-publisher:${bucket}:team/orders/`)
  expect(attributes).toEqual({
    BucketName: bucket,
    Prefix: 'team/orders/',
    ConfigKey: `team/orders/config/${sha256}.json`,
    ConfigS3Uri: `s3://${bucket}/team/orders/config/${sha256}.json`,
    ConfigSha256: sha256,
  })
  expect(key).toBe(attributes?.ConfigKey)
  expect({ ContentType, Metadata, tags }).toEqual({
    ContentType: 'application/json',
    Metadata: { 'lpr-sha256': sha256, 'lpr-name': 'config' },
    tags: [],
  })
})

test('what CloudFormation made text of is a manifest that the router takes, its letters as they were', async () => {
  await create(GOOD)
  const { bytes } = await read((await keys())[0])
  expect(bytes.toString()).toContain('"/grüße/{id}"')
  expect(bytes.toString()).toContain('"MaxInflightInvocations":"64"')
  const { problems, manifest } = validateManifest(JSON.parse(bytes.toString()))
  expect(problems).toEqual([])
  expect(manifest).toMatchObject({ MaxInflightInvocations: 64, ListenAddr: '0.0.0.0:8080' })
})

test('the same properties in another order are the same manifest', async () => {
  const { attributes } = await create(GOOD)
  const reordered = Object.fromEntries(Object.entries(GOOD).reverse())
  const { RouterConfig } = GOOD
  reordered.RouterConfig = Object.fromEntries(Object.entries(RouterConfig as Properties).reverse())
  expect((await create(reordered)).attributes).toEqual(attributes)
  expect(await keys()).toHaveLength(1)
})

test('an update tags what it replaces, and the update of a rollback takes the tag off', async () => {
  const first = (await create(GOOD)).attributes?.ConfigKey
  const second = (await update(OTHER, GOOD)).attributes?.ConfigKey
  const superseded = [{ Key: 'lpr-superseded', Value: 'true' }]
  expect([(await read(first)).tags, (await read(second)).tags]).toEqual([superseded, []])

  expect((await update(GOOD, OTHER)).attributes?.ConfigKey).toBe(first)
  expect([(await read(first)).tags, (await read(second)).tags]).toEqual([[], superseded])
  expect(await keys()).toHaveLength(2)
})

test('a deletion leaves what is there, whatever id CloudFormation made up', async () => {
  await create(GOOD)
  await cloudFormation.delete({ ...request(GOOD), physicalId: 'never given' })
  expect(lastReply().body).toMatchObject({ Status: 'SUCCESS', PhysicalResourceId: 'never given' })
  expect(await keys()).toHaveLength(1)
})

test('every write names the account that the bucket has to belong to', async () => {
  await create(GOOD)
  environment.LPR_BUCKET_OWNER = '999999999999'
  await update(OTHER, GOOD)
  const owners = proxy.requests.map(({ headers }) => headers['x-amz-expected-bucket-owner'])
  expect(owners).toEqual([ACCOUNT, '999999999999', '999999999999'])
})

// moto does not look at the header, so this is the toolkit's S3, which does.
test('a bucket of somebody else gets nothing', async () => {
  const foreign = await LocalS3.start({ buckets: [bucket], accountId: '999999999999' })
  environment.AWS_ENDPOINT_URL_S3 = foreign.url
  await expect(create(GOOD)).rejects.toThrow(`cannot write s3://${bucket}/team/orders/config/`)
  expect(String(lastReply().body.Reason)).toContain('HTTP 403')
  expect(foreign.objects(bucket).size).toBe(0)
  await foreign.stop()
})

test('a bucket that does not exist fails the resource, with its name and the cause', async () => {
  await expect(create({ ...GOOD, BucketName: 'nowhere' })).rejects.toThrow(
    /cannot write s3:\/\/nowhere\/team\/orders\/config\/\w+\.json: NoSuchBucket: .*\(HTTP 404\)/,
  )
  expect(lastReply().body).toMatchObject({ Status: 'FAILED', PhysicalResourceId: 'lpr-config-publisher' })
  await expect(update({ ...GOOD, BucketName: 'nowhere' }, GOOD)).rejects.toThrow('nowhere')
  expect(lastReply().body).toMatchObject({ PhysicalResourceId: 'id-of-before' })
})

test('a reason of any length, in any script, fits into what CloudFormation reads', async () => {
  const paths = Object.fromEntries(
    Array.from({ length: 100 }, (_, index) => [`/größe-大小-📏-${index}`, { gët: {} }]),
  )
  await expect(create({ ...GOOD, Spec: { paths } })).rejects.toThrow('/größe-大小-📏-0')
  const { bytes, body } = lastReply()
  expect(bytes).toBeLessThanOrEqual(4096)
  // As many characters as fit, and none of them cut in two.
  expect(bytes).toBeGreaterThan(4080)
  expect(String(body.Reason)).toMatch(/…$/)
  expect(String(body.Reason)).not.toContain('\uFFFD')
  expect(await keys()).toEqual([])
})

test('if nobody takes the answer the function ends by itself, says so in its log, and does not log the URL', async () => {
  const { stackId, logicalId, type, properties } = request(GOOD)
  await invoke({
    RequestType: 'Create',
    RequestId: 'r-1',
    StackId: stackId,
    // Nothing listens there: the port is reserved.
    ResponseURL: 'https://127.0.0.1:1/answer?X-Amz-Signature=hunter2',
    LogicalResourceId: logicalId,
    ResourceType: type,
    ResourceProperties: properties,
  })
  expect(printed).toContain('CloudFormation was not told the outcome')
  expect(printed).not.toContain('hunter2')
  // Published all the same: the next attempt finds it there.
  expect(await keys()).toHaveLength(1)
})
