import { Readable } from 'node:stream'
import awsLambdaFastify from '@fastify/aws-lambda'
import middy from '@middy/core'
import fastify from 'fastify'
import { Hono } from 'hono'
import type { HttpEvent } from 'lpr-lambda-adapter'
import type { LambdaHandler } from './app.ts'

export type { LambdaHandler }

/** Yields the second piece of each body when its time has come. */
type Pieces = (id: string) => AsyncGenerator<string>

/** The frameworks' handlers for `batchAdapterStream(..., { interleaved: true })`: each body is sent as it is made. */
export function streamingHandlers(pieces: Pieces): Record<string, LambdaHandler> {
  return { middy: middyHandler(pieces), fastify: fastifyHandler(pieces), hono: honoHandler(pieces) }
}

/** As it is: what the handler returns passes through middy. Not with `streamifyResponse`, which the adapter does. */
function middyHandler(pieces: Pieces): LambdaHandler {
  return middy<HttpEvent>().handler(async (event) => {
    return { statusCode: 200, headers: { 'content-type': 'text/plain' }, body: pieces(idOf(event.rawPath)) }
  }) as unknown as LambdaHandler
}

/** With `payloadAsStream`, and its two parts made one response. */
function fastifyHandler(pieces: Pieces): LambdaHandler {
  const app = fastify()
  app.get<{ Params: { id: string } }>('/pieces/:id', ({ params }, reply) => {
    return reply.type('text/plain').send(Readable.from(pieces(params.id)))
  })
  const proxy = awsLambdaFastify(app, { payloadAsStream: true })
  return async (event, context) => {
    const { meta, stream } = await proxy(event, context as never)
    return { ...meta, body: stream }
  }
}

/** Without `streamHandle`, which writes to the response stream itself: the app's own `fetch`, between two conversions. */
function honoHandler(pieces: Pieces): LambdaHandler {
  const app = new Hono()
  app.get('/pieces/:id', (c) => {
    const body = Readable.toWeb(Readable.from(encoded(pieces(c.req.param('id'))))) as ReadableStream
    return c.body(body, 200, { 'content-type': 'text/plain' })
  })
  return async (event) => toResponse(await app.fetch(toRequest(event)))
}

function toRequest(event: HttpEvent): Request {
  const { headers, cookies, body, isBase64Encoded, requestContext, rawPath, rawQueryString } = event
  const all = new Headers(Object.entries(headers).map(([name, value]) => [name, value ?? '']))
  if (cookies) all.set('cookie', cookies.join('; '))
  const url = `https://${requestContext.domainName}${rawPath}${rawQueryString && `?${rawQueryString}`}`
  const bytes = body === undefined ? null : Buffer.from(body, isBase64Encoded ? 'base64' : 'utf8')
  return new Request(url, { method: requestContext.http.method, headers: all, body: bytes })
}

function toResponse({ status, headers, body }: Response) {
  const cookies = headers.getSetCookie()
  headers.delete('set-cookie')
  return { statusCode: status, headers: Object.fromEntries(headers), cookies, body }
}

async function* encoded(texts: AsyncIterable<string>): AsyncGenerator<Uint8Array> {
  for await (const text of texts) yield Buffer.from(text)
}

function idOf(path: string): string {
  return path.split('/')[2] ?? ''
}
