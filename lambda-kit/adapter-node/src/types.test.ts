import type {
  APIGatewayProxyEvent,
  APIGatewayProxyEventV2,
  APIGatewayProxyHandlerV2,
  Context,
  StreamifyHandler,
} from 'aws-lambda'
import { batchOf, captureLog, httpEvent, lambdaContext } from '../tests/support.ts'
import { batchAdapter, batchAdapterStream, type HttpEvent } from './index.ts'

test('a handler with the types of aws-lambda can be adapted as it is', async () => {
  const handler: APIGatewayProxyHandlerV2 = async (event) => ({ statusCode: 200, body: event.rawPath })
  const adapted = batchAdapter(handler)
  const event = httpEvent('a') as unknown as APIGatewayProxyEventV2
  const { responses } = await adapted(batchOf([event]), lambdaContext() as Context)
  expect(responses).toMatchObject([{ id: 'a', body: '/hello/hi' }])
})

test('the event type is that of the handler, and a handler without types gets HTTP API events', async () => {
  const v1 = batchAdapter(async (event: APIGatewayProxyEvent) => event.httpMethod)
  const event = { httpMethod: 'GET', requestContext: { requestId: 'a' } } as APIGatewayProxyEvent
  expect(await v1(batchOf([event]))).toMatchObject({ responses: [{ body: 'GET' }] })

  const untyped = batchAdapter((event, { awsRequestId, signal }) => [
    event.rawPath,
    awsRequestId,
    signal.aborted,
  ])
  expect(await untyped(batchOf([httpEvent('a')]))).toMatchObject({
    responses: [{ body: '["/hello/hi","a",false]' }],
  })
})

test('options know the event type too', async () => {
  const log = captureLog()
  const paths: (string | undefined)[] = []
  const handler = (_event: HttpEvent) => Promise.reject(new Error('no'))
  const adapted = batchAdapter(handler, { onError: (_, { item }) => paths.push(item?.rawPath) })
  await adapted(batchOf([httpEvent('a')]))
  log.restore()
  expect(paths).toEqual(['/hello/hi'])
})

test('streamifyResponse may be the one that aws-lambda describes', () => {
  const typed = <Event, Result>(handler: StreamifyHandler<Event, Result>) => handler
  expect(typeof batchAdapterStream(() => 'ok', { streamifyResponse: typed })).toBe('function')
})
