import middy from '@middy/core'
import httpErrorHandler from '@middy/http-error-handler'
import type { HttpEvent } from 'lpr-lambda-adapter'
import { ALL_BYTES, type LambdaHandler, rendezvous } from './app.ts'

/** Middy brings no router; a function of its own per route would be usual. */
async function route(event: HttpEvent): Promise<unknown> {
  await rendezvousOf(event)
  const { method } = event.requestContext.http
  const [, resource, parameter] = event.rawPath.split('/')
  const answer = ROUTES[`${method} ${resource}`]
  if (answer === undefined) throw httpError(404, 'no such route')
  return answer(event, decodeURIComponent(parameter ?? ''))
}

type Answer = (event: HttpEvent, parameter: string) => unknown

const ROUTES: Record<string, Answer> = {
  'GET items': (event, id) => {
    const colors = event.queryStringParameters?.color?.split(',')
    return json(200, { id, colors, tenant: event.headers['x-tenant'] })
  },
  'DELETE items': () => ({ statusCode: 204 }),
  'POST echo': (event) => json(201, { echo: JSON.parse(event.body ?? '') }),
  'POST text': (event) => ({ statusCode: 200, headers: { 'content-type': 'text/plain' }, body: event.body }),
  'GET bytes': () => bytes(Buffer.from(ALL_BYTES)),
  'POST bytes': (event) => bytes(Buffer.from(event.body ?? '', 'base64').reverse()),
  'GET cookies': ({ cookies = [] }) => {
    const [session, theme] = cookies.map((pair) => pair.split('=')[1])
    return {
      statusCode: 200,
      cookies: [`seen=${session}; Path=/`, 'again=yes; Path=/'],
      body: `session ${session}, theme ${theme}`,
    }
  },
  // Without `expose`, the error passes through middy's handler of errors: the adapter answers.
  'GET fail': () => {
    throw new Error('on purpose')
  },
  'GET teapot': () => {
    throw httpError(418, 'short and stout')
  },
}

function rendezvousOf(event: HttpEvent): Promise<void> | undefined {
  return event.rawPath === '/nowhere' ? undefined : rendezvous.arrive()
}

function json(statusCode: number, value: unknown) {
  return { statusCode, headers: { 'content-type': 'application/json' }, body: JSON.stringify(value) }
}

function bytes(body: Buffer) {
  const headers = { 'content-type': 'application/octet-stream' }
  return { statusCode: 200, headers, body: body.toString('base64'), isBase64Encoded: true }
}

function httpError(statusCode: number, message: string): Error {
  return Object.assign(new Error(message), { statusCode, expose: true })
}

export const handler = middy<HttpEvent>()
  .use(httpErrorHandler({ logger: false }))
  .handler(route) as unknown as LambdaHandler
