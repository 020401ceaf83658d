import awsLambdaFastify from '@fastify/aws-lambda'
import fastify, { type FastifyInstance } from 'fastify'
import { ALL_BYTES, type LambdaHandler, list, rendezvous } from './app.ts'

interface Item {
  Params: { id: string }
  Querystring: { color?: string | string[] }
}

export function createApp(): FastifyInstance {
  const app = fastify({ bodyLimit: 1024 * 1024 })
  app.addContentTypeParser('application/octet-stream', { parseAs: 'buffer' }, (_request, body, done) =>
    done(null, body),
  )
  app.addHook('preHandler', async (request) => {
    if (request.url !== '/nowhere') await rendezvous.arrive()
  })
  app.get<Item>('/items/:id', ({ params, query, headers }) => {
    return { id: params.id, colors: list(query.color), tenant: headers['x-tenant'] }
  })
  app.delete('/items/:id', (_request, reply) => reply.status(204).send())
  app.post('/echo', (request, reply) => reply.status(201).send({ echo: request.body }))
  app.post('/text', (request, reply) => reply.type('text/plain').send(request.body))
  app.get('/bytes', (_request, reply) => reply.type('application/octet-stream').send(Buffer.from(ALL_BYTES)))
  app.post<{ Body: Buffer }>('/bytes', ({ body }, reply) => {
    return reply.type('application/octet-stream').send(Buffer.from(body).reverse())
  })
  app.get('/cookies', (request, reply) => {
    const text = (request.headers.cookie ?? '').split(/; ?/)
    const values = new Map(text.map((pair) => pair.split('=', 2) as [string, string]))
    reply.header('set-cookie', [`seen=${values.get('session')}; Path=/`, 'again=yes; Path=/'])
    return reply.send(`session ${values.get('session')}, theme ${values.get('theme')}`)
  })
  app.get('/fail', async () => {
    throw new Error('on purpose')
  })
  app.get('/teapot', (_request, reply) => reply.status(418).send('short and stout'))
  return app
}

export const handler = awsLambdaFastify(createApp(), {
  binaryMimeTypes: ['application/octet-stream'],
}) as unknown as LambdaHandler
