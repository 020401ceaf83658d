import * as serverlessExpress from '@codegenie/serverless-express'
import express, { type Express, type NextFunction, type Request, type Response } from 'express'
import serverless from 'serverless-http'
import { ALL_BYTES, type LambdaHandler, list, rendezvous } from './app.ts'

function createApp(): Express {
  const app = express()
  // First, as @codegenie/serverless-express takes the request for read once the first middleware waits for something.
  app.use(express.json(), express.text({ limit: '1mb' }), express.raw())
  app.use((req, _res, next) => {
    if (req.path === '/nowhere') next()
    else void rendezvous.arrive().then(() => next())
  })
  app.get('/items/:id', (req, res) => {
    res.json({ id: req.params.id, colors: list(req.query.color), tenant: req.get('x-tenant') })
  })
  app.delete('/items/:id', (_req, res) => {
    res.status(204).end()
  })
  app.post('/echo', (req, res) => {
    res.status(201).json({ echo: req.body })
  })
  app.post('/text', (req, res) => {
    res.type('text/plain').send(req.body)
  })
  app.get('/bytes', (_req, res) => {
    res.type('application/octet-stream').send(Buffer.from(ALL_BYTES))
  })
  app.post('/bytes', (req, res) => {
    res.type('application/octet-stream').send(Buffer.from(req.body as Buffer).reverse())
  })
  app.get('/cookies', (req, res) => {
    const values = new Map(
      (req.get('cookie') ?? '').split('; ').map((pair) => pair.split('=', 2) as [string, string]),
    )
    res.cookie('seen', values.get('session')).cookie('again', 'yes')
    res.send(`session ${values.get('session')}, theme ${values.get('theme')}`)
  })
  app.get('/fail', async () => {
    throw new Error('on purpose')
  })
  app.get('/teapot', (_req, res) => {
    res.status(418).send('short and stout')
  })
  app.use((_error: unknown, _req: Request, res: Response, _next: NextFunction) => {
    res.status(500).send('Internal Server Error')
  })
  return app
}

export const serverlessHttp = serverless(createApp(), {
  binary: ['application/octet-stream'],
}) as unknown as LambdaHandler

export const codegenie = serverlessExpress.configure({
  app: createApp(),
  binarySettings: { contentTypes: ['application/octet-stream'] },
}) as unknown as LambdaHandler
