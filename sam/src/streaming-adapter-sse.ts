// Server-sent events: with `interleaved` each event leaves as it is made, between those of the other requests.
import { batchAdapterStream, type HttpEvent, type ItemContext } from 'lpr-lambda-adapter'
import { tokenEvents } from './tokens.ts'

function answer(event: HttpEvent, { signal }: ItemContext) {
  return {
    statusCode: 200,
    headers: { 'content-type': 'text/event-stream', 'cache-control': 'no-cache' },
    body: tokenEvents(event, signal),
  }
}

export const handler = batchAdapterStream(answer, { interleaved: true })
