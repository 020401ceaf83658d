// A handler of one request, as it would be behind API Gateway; the last line makes it a handler of batches.
import { batchAdapter, type HttpEvent, type HttpResponse } from 'lpr-lambda-adapter'
import { bodyBytes, greet, json } from './greeting.ts'

async function answer(event: HttpEvent): Promise<HttpResponse> {
  if (event.routeKey === 'POST /echo') return echo(event)
  if (event.routeKey === 'GET /failing/{greeting}') refuse(event)
  const response = json(await greet(event))
  return { ...response, headers: { ...response.headers, 'x-tenant-id': event.headers['x-tenant-id'] } }
}

/** Text or not, the body goes back as it came. */
function echo(event: HttpEvent): HttpResponse {
  const contentType = event.headers['content-type'] ?? 'application/octet-stream'
  return {
    statusCode: 200,
    headers: { 'content-type': contentType },
    cookies: [`lpr-demo=${event.requestContext.requestId}; Path=/; HttpOnly; SameSite=Lax`],
    body: bodyBytes(event),
  }
}

function refuse({ pathParameters }: HttpEvent): void {
  const greeting = pathParameters?.greeting
  if (greeting !== 'hello') throw new Error(`expected the greeting hello, got ${greeting}`)
}

export const handler = batchAdapter(answer)
