// The streamed wire protocol by hand: one JSON record a line, each sent as soon as its request is done.
import type { Writable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import type { HttpEvent } from 'lpr-lambda-adapter'
import { greet, json } from './greeting.ts'

interface Batch {
  v: 1
  batch: HttpEvent[]
}

type ResponseStream = Writable & { setContentType(contentType: string): void }
type StreamHandler = (event: Batch, responseStream: ResponseStream) => Promise<void>

/** A global of the Node.js Lambda runtime. */
declare const awslambda: { streamifyResponse(handler: StreamHandler): StreamHandler }

export const handler = awslambda.streamifyResponse(async ({ batch }, responseStream) => {
  responseStream.setContentType('application/x-ndjson')
  // A pipeline takes the next line only when the stream has room for it, and ends with the stream however that ends.
  await pipeline(lines(batch), responseStream)
})

/** The answers in the order in which they are done; the first must not wait for the slowest. */
async function* lines(batch: HttpEvent[]) {
  const pending = new Map(batch.map((event) => [event, answer(event).then((record) => ({ event, record }))]))
  while (pending.size > 0) {
    const { event, record } = await Promise.race(pending.values())
    pending.delete(event)
    yield `${JSON.stringify(record)}\n`
  }
}

/** A record is a whole response and says whose it is. A request that fails is answered too. */
async function answer(event: HttpEvent) {
  const id = event.requestContext.requestId
  try {
    return { v: 1, id, ...json(await greet(event)) }
  } catch (error) {
    console.error('request failed', { requestId: id, error })
    return { v: 1, id, statusCode: 500, headers: { 'content-type': 'text/plain' }, body: 'internal error' }
  }
}
