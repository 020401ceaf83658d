import { once } from 'node:events'
import type { Writable } from 'node:stream'
import { type DemoEvent, hello } from '../lib/hello.ts'

interface BatchEvent {
  v: number
  batch: DemoEvent[]
}

type ResponseStream = Writable & { setContentType(type: string): void }

declare const awslambda: {
  streamifyResponse(handler: (event: BatchEvent, stream: ResponseStream) => Promise<void>): unknown
}

/** The streamed wire format by hand, without an adapter: one NDJSON record for each response, as soon as it is ready. */
export const handler = awslambda.streamifyResponse(async (event, stream) => {
  stream.setContentType('application/x-ndjson')
  await Promise.all(
    event.batch.map(async (item) => {
      const record = {
        v: 1,
        id: item.requestContext.requestId,
        statusCode: 200,
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify(await hello(item)),
      }
      if (!stream.write(`${JSON.stringify(record)}\n`)) await once(stream, 'drain')
    }),
  )
  stream.end()
})
