import { Hono } from 'hono'
import { handle } from 'hono/aws-lambda'
import { getCookie, setCookie } from 'hono/cookie'
import { ALL_BYTES, type LambdaHandler, rendezvous } from './app.ts'

export function createApp(): Hono {
  const app = new Hono()
  app.use(async (context, next) => {
    if (context.req.path !== '/nowhere') await rendezvous.arrive()
    await next()
  })
  app.get('/items/:id', (c) => {
    const colors = c.req.queries('color')
    return c.json({ id: c.req.param('id'), colors, tenant: c.req.header('x-tenant') })
  })
  app.delete('/items/:id', (c) => c.body(null, 204))
  app.post('/echo', async (c) => c.json({ echo: await c.req.json() }, 201))
  app.post('/text', async (c) => c.text(await c.req.text()))
  app.get('/bytes', (c) => c.body(ALL_BYTES, 200, { 'content-type': 'application/octet-stream' }))
  app.post('/bytes', async (c) => {
    const bytes = new Uint8Array(await c.req.arrayBuffer()).reverse()
    return c.body(bytes, 200, { 'content-type': 'application/octet-stream' })
  })
  app.get('/cookies', (c) => {
    setCookie(c, 'seen', getCookie(c, 'session') ?? '')
    setCookie(c, 'again', 'yes')
    return c.text(`session ${getCookie(c, 'session')}, theme ${getCookie(c, 'theme')}`)
  })
  app.get('/fail', () => {
    throw new Error('on purpose')
  })
  app.get('/teapot', (c) => c.text('short and stout', 418))
  app.onError((_error, c) => c.text('Internal Server Error', 500))
  return app
}

export const handler = handle(createApp()) as unknown as LambdaHandler
