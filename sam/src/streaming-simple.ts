// The streamed wire protocol by hand: one JSON record a line, each sent as soon as its request is done.
import { once } from 'node:events'
import type { Writable } from 'node:stream'
import { finished } from 'node:stream/promises'
import type { HttpEvent } from 'lpr-lambda-adapter'
import { greet, json } from './greeting.ts'

interface Batch {
  v: 1
  batch: HttpEvent[]
}

type StreamHandler = (event: Batch, responseStream: Writable) => Promise<void>

/** A global of the Node.js Lambda runtime. */
declare const awslambda: { streamifyResponse(handler: StreamHandler): StreamHandler }

export const handler = awslambda.streamifyResponse(async ({ batch }, responseStream) => {
  const send = sender(responseStream)
  try {
    await Promise.all(batch.map(async (event) => send(await answer(event))))
  } finally {
    responseStream.end()
  }
  await finished(responseStream)
})

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

/** Writes records one after another. When the stream is full it waits, or the records would pile up in memory. */
function sender(responseStream: Writable) {
  let last = Promise.resolve()
  return (record: object): Promise<void> => {
    last = last.then(async () => {
      // `once` rejects if the stream fails, so this wait ends in any case.
      if (!responseStream.write(`${JSON.stringify(record)}\n`)) await once(responseStream, 'drain')
    })
    return last
  }
}
