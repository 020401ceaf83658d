import { AsyncLocalStorage } from 'node:async_hooks'
import * as serverlessExpress from '@codegenie/serverless-express'
import express from 'express'
import { batchAdapter, type HttpEvent } from 'lpr-lambda-adapter'
import { httpBatch } from '../../adapter-node/tests/support.ts'
import type { LambdaHandler } from './apps/app.ts'
import { Rendezvous } from './rendezvous.ts'

const IDS = ['1', '2', '3']
const meeting = new Rendezvous()
const current = new AsyncLocalStorage<HttpEvent>()

/** An app that answers with the id of the event that it believes to work for. */
function handlerWith(currentEvent: () => HttpEvent | undefined): LambdaHandler {
  const app = express()
  app.get('/hello/hi', async (_req, res) => {
    await meeting.arrive()
    res.send(currentEvent()?.requestContext.requestId)
  })
  return serverlessExpress.configure({ app }) as unknown as LambdaHandler
}

async function answersOf(handler: LambdaHandler): Promise<string[]> {
  meeting.expect(IDS.length)
  const { responses } = await batchAdapter(handler)(httpBatch(...IDS))
  return responses.map(({ body }) => body)
}

test('getCurrentInvoke of @codegenie/serverless-express is one for all requests: the danger', async () => {
  const { getCurrentInvoke } = serverlessExpress
  expect(await answersOf(handlerWith(() => getCurrentInvoke().event))).toEqual(['3', '3', '3'])
})

test('an AsyncLocalStorage around the handler holds the event of each request: the safe way', async () => {
  const plain = handlerWith(() => current.getStore())
  const handler: LambdaHandler = (event, context) => current.run(event, () => plain(event, context))
  expect(await answersOf(handler)).toEqual(IDS)
})
