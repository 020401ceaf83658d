import { type CreateEvent, createCustomResource, stringScalars } from './custom-resource.ts'
import { stackIdentity } from './identity.ts'

const IDENTITY = stackIdentity('demo', 'us-east-1')
const RESOURCE = { logicalId: 'Pub', type: 'Custom::Pub', properties: { A: 1, B: [true, null], C: null } }

async function answer(event: CreateEvent, body: unknown): Promise<void> {
  await fetch(event.ResponseURL, { method: 'PUT', body: JSON.stringify(body) })
}

test('scalars become text and nulls disappear, at every depth', () => {
  expect(stringScalars({ a: 1, b: false, c: null, d: [1.5, { e: 'x', f: null }] })).toEqual({
    a: '1',
    b: 'false',
    d: ['1.5', { e: 'x' }],
  })
})

test('the handler gets the event of a creation and its reply is returned', async () => {
  const events: CreateEvent[] = []
  const reply = await createCustomResource(
    async (event) => {
      events.push(event)
      await answer(event, { Status: 'SUCCESS', PhysicalResourceId: 'id', Data: { Uri: 's3://x' } })
    },
    RESOURCE,
    IDENTITY,
  )
  expect(reply).toEqual({ status: 'SUCCESS', reason: '', physicalResourceId: 'id', data: { Uri: 's3://x' } })
  expect(events).toMatchObject([
    {
      RequestType: 'Create',
      StackId: 'arn:aws:cloudformation:us-east-1:123456789012:stack/demo/local',
      ResourceType: 'Custom::Pub',
      LogicalResourceId: 'Pub',
      ResourceProperties: { A: '1' },
    },
  ])
})

test('a failed reply carries its reason', async () => {
  const reply = await createCustomResource(
    (event) => answer(event, { Status: 'FAILED', Reason: 'no bucket' }),
    RESOURCE,
    IDENTITY,
  )
  expect(reply).toMatchObject({ status: 'FAILED', reason: 'no bucket' })
})

test('a reply that is not JSON is an error', async () => {
  const handler = async (event: CreateEvent): Promise<void> => {
    await fetch(event.ResponseURL, { method: 'PUT', body: 'oops' })
  }
  await expect(createCustomResource(handler, RESOURCE, IDENTITY)).rejects.toThrow(/JSON/)
})

test('a handler that throws is an error', async () => {
  const handler = (): never => {
    throw new Error('crashed')
  }
  await expect(createCustomResource(handler, RESOURCE, IDENTITY)).rejects.toThrow('crashed')
})
