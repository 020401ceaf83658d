import { type DemoEvent, hello } from '../lib/hello.ts'

interface BatchEvent {
  v: number
  batch: DemoEvent[]
}

/** The buffered wire format by hand, without an adapter: a batch of events in, a response for each id out. */
export const handler = async (event: BatchEvent) => {
  const responses = await Promise.all(
    event.batch.map(async (item) => ({
      id: item.requestContext.requestId,
      statusCode: 200,
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(await hello(item)),
    })),
  )
  return { v: 1, responses }
}
