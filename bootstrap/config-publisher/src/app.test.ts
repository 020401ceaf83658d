import { jest } from '@jest/globals'
import { type CustomResourceEvent, handler } from './app.ts'
import { place } from './publication.ts'
import { startServer, type TestServer } from './testing.ts'

const ARN = 'arn:aws:lambda:eu-central-1:123456789012:function:orders'
const Spec = {
  paths: { '/a': { get: { 'x-target-lambda': ARN, 'x-lpr': { maxWaitMs: '10', maxBatchSize: '4' } } } },
}
const OLD = { ServiceToken: 'token', Prefix: 'p', Port: '8080', RouterConfig: { MaxBodyBytes: '1' }, Spec }
const NEW = { ...OLD, RouterConfig: { MaxBodyBytes: '2' } }
const ENVIRONMENT = [
  'AWS_ENDPOINT_URL_S3',
  'AWS_REGION',
  'AWS_ACCESS_KEY_ID',
  'AWS_SECRET_ACCESS_KEY',
  'LPR_DEFAULT_BUCKET',
]

let s3: TestServer
let cloudFormation: TestServer
const printed: string[] = []

beforeEach(async () => {
  s3 = await startServer()
  cloudFormation = await startServer()
  const values = [s3.url, 'eu-central-1', 'key', 'secret', 'default-bucket']
  for (const [index, name] of ENVIRONMENT.entries()) process.env[name] = values[index]
  printed.length = 0
  jest.spyOn(console, 'log').mockImplementation((line) => void printed.push(String(line)))
})
afterEach(async () => {
  jest.restoreAllMocks()
  for (const name of [...ENVIRONMENT, 'LPR_BUCKET_OWNER']) delete process.env[name]
  await Promise.all([s3.close(), cloudFormation.close()])
})

function event(RequestType: string, extra: Partial<CustomResourceEvent> = {}): CustomResourceEvent {
  return {
    RequestType,
    ResponseURL: `${cloudFormation.url}/answer?signature=hunter2`,
    StackId: 'arn:aws-cn:cloudformation:cn-north-1:123456789012:stack/s/1',
    RequestId: 'request-1',
    LogicalResourceId: 'RouterLprConfigPublisher',
    ResourceType: 'Custom::LprConfigPublisher',
    ResourceProperties: NEW,
    ...extra,
  }
}

async function answerTo(request: CustomResourceEvent) {
  await handler(request, { logStreamName: 'stream' })
  expect(cloudFormation.received).toHaveLength(1)
  return JSON.parse(cloudFormation.received[0]?.body ?? '')
}

test('a create publishes the manifest and answers with its place', async () => {
  const { key, body, sha256 } = place(NEW, 'default-bucket')
  expect(await answerTo(event('Create'))).toEqual({
    Status: 'SUCCESS',
    Reason: 'See the details in CloudWatch Log Stream: stream',
    PhysicalResourceId: 'lpr-config-publisher:default-bucket:p/',
    StackId: 'arn:aws-cn:cloudformation:cn-north-1:123456789012:stack/s/1',
    RequestId: 'request-1',
    LogicalResourceId: 'RouterLprConfigPublisher',
    NoEcho: false,
    Data: {
      BucketName: 'default-bucket',
      Prefix: 'p/',
      ConfigKey: key,
      ConfigS3Uri: `s3://default-bucket/${key}`,
      ConfigSha256: sha256,
    },
  })
  expect(s3.received).toHaveLength(1)
  const [put] = s3.received
  expect(put?.method).toBe('PUT')
  expect(put?.url.split('?')[0]).toBe(`/default-bucket/${key}`)
  expect(put?.headers).toMatchObject({
    'content-type': 'application/json',
    'x-amz-meta-lpr-sha256': sha256,
    'x-amz-meta-lpr-name': 'config',
    'x-amz-expected-bucket-owner': '123456789012',
  })
  expect(put?.headers).not.toHaveProperty('x-amz-tagging')
  expect(put?.body).toContain(body)
})

test('a bucket and an empty prefix of the resource itself count', async () => {
  const answer = await answerTo(
    event('Create', { ResourceProperties: { ...NEW, BucketName: 'mine', Prefix: '/' } }),
  )
  expect(answer.PhysicalResourceId).toBe('lpr-config-publisher:mine:-')
  expect(answer.Data.ConfigKey).toMatch(/^config\/[0-9a-f]{64}\.json$/)
})

test('the owner of the bucket can be named', async () => {
  process.env.LPR_BUCKET_OWNER = '999999999999'
  await answerTo(event('Create'))
  expect(s3.received[0]?.headers).toMatchObject({ 'x-amz-expected-bucket-owner': '999999999999' })
})

test('an update tags the manifest that it replaces, and writes it anew so that its days begin now', async () => {
  expect(await answerTo(event('Update', { OldResourceProperties: OLD }))).toMatchObject({ Status: 'SUCCESS' })
  const old = place(OLD, 'default-bucket')
  expect(s3.received.map(({ url }) => url.split('?')[0])).toEqual([
    `/default-bucket/${place(NEW, 'default-bucket').key}`,
    `/default-bucket/${old.key}`,
  ])
  expect(s3.received[1]?.headers).toMatchObject({ 'x-amz-tagging': 'lpr-superseded=true' })
  expect(s3.received[1]?.body).toContain(old.body)
})

test('the update of a rollback brings the old manifest back, without the tag', async () => {
  await answerTo(event('Update', { ResourceProperties: OLD, OldResourceProperties: NEW }))
  expect(s3.received[0]?.url).toContain(place(OLD, 'default-bucket').key)
  expect(s3.received[0]?.headers).not.toHaveProperty('x-amz-tagging')
})

test('an update that changes nothing of the manifest tags nothing', async () => {
  await answerTo(event('Update', { OldResourceProperties: { ...NEW, ServiceTimeout: '60' } }))
  expect(s3.received).toHaveLength(1)
})

test('an update succeeds even if the old manifest cannot be tagged', async () => {
  const { key } = place(OLD, 'default-bucket')
  s3.answer = ({ url }) => (url.includes(key) ? 403 : 200)
  expect(await answerTo(event('Update', { OldResourceProperties: OLD }))).toMatchObject({ Status: 'SUCCESS' })
  expect(printed.some((line) => line.includes('old manifest not tagged'))).toBe(true)
})

test('old properties that were never good do not fail an update', async () => {
  const answer = await answerTo(
    event('Update', { OldResourceProperties: { RouterConfig: 'text', Prefix: {} } }),
  )
  expect(answer).toMatchObject({ Status: 'SUCCESS' })
})

test.each(['lpr-config-publisher:b:p/', 'made-up-by-CloudFormation', undefined])(
  'a delete of %j succeeds with that id and touches nothing',
  async (PhysicalResourceId) => {
    const request = event('Delete', {
      ResourceProperties: {},
      ...(PhysicalResourceId && { PhysicalResourceId }),
    })
    const answer = await answerTo(request)
    expect(answer).toMatchObject({
      Status: 'SUCCESS',
      PhysicalResourceId: PhysicalResourceId ?? 'lpr-config-publisher',
    })
    expect(s3.received).toEqual([])
  },
)

test('a manifest with mistakes fails with all of them, and nothing is written', async () => {
  const RouterConfig = { MaxBodyByte: '1', MaxInflightRequests: '0' }
  const answer = await answerTo(event('Create', { ResourceProperties: { ...NEW, RouterConfig } }))
  expect(answer).toMatchObject({
    Status: 'FAILED',
    PhysicalResourceId: 'lpr-config-publisher',
    Reason:
      'RouterConfig.MaxBodyByte: unknown key, did you mean MaxBodyBytes?; RouterConfig.MaxInflightRequests: must be >= 1, got 0',
  })
  expect(answer).not.toHaveProperty('Data')
  expect(s3.received).toEqual([])
})

test('a failed update keeps its id, or CloudFormation would delete what is in use', async () => {
  const answer = await answerTo(
    event('Update', { PhysicalResourceId: 'lpr-config-publisher:b:p/', ResourceProperties: {} }),
  )
  expect(answer).toMatchObject({ Status: 'FAILED', PhysicalResourceId: 'lpr-config-publisher:b:p/' })
})

test('a bucket that refuses fails the stack with the reason', async () => {
  s3.answer = () => 403
  const answer = await answerTo(event('Create'))
  expect(answer.Status).toBe('FAILED')
  expect(answer.Reason).toMatch(/default-bucket.*403|403.*default-bucket/)
})

test.each(['Drop', '', undefined])('a request of type %j fails', async (type) => {
  const answer = await answerTo(event(type as string))
  expect(answer.Status).toBe('FAILED')
  expect(answer.Reason).toContain('must be Create, Update or Delete')
  expect(s3.received).toEqual([])
})

test('properties that are missing altogether fail like any others', async () => {
  const { ResourceProperties: _, ...rest } = event('Create')
  expect(await answerTo(rest)).toMatchObject({ Status: 'FAILED' })
})

test('the response URL, with which anybody could answer, is never logged', async () => {
  cloudFormation.answer = () => 403
  await handler(event('Create'), {})
  expect(printed.length).toBeGreaterThan(0)
  expect(printed.join('\n')).not.toContain('hunter2')
  for (const line of printed) expect(JSON.parse(line)).toHaveProperty('level')
})
