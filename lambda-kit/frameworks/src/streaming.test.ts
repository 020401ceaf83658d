import { batchAdapterStream } from 'lpr-lambda-adapter'
import { batchOf, gate, httpEvent, MemoryStream, streamify, turns } from '../../adapter-node/tests/support.ts'
import { fold } from './answers.ts'
import type * as Streaming from './apps/streaming.ts'
import { loadBundled } from './bundled.ts'

const { streamingHandlers } = await loadBundled<typeof Streaming>('apps/streaming.ts')

const IDS = ['a', 'b', 'c', 'd']

test.each(['middy', 'fastify', 'hono'])('%s sends each body piece by piece, as it is made', async (name) => {
  const { promise: goOn, open } = gate()
  async function* pieces(id: string) {
    yield `first of ${id}`
    await goOn
    yield `, second of ${id}`
  }
  const stream = new MemoryStream()
  const handler = streamingHandlers(pieces)[name] as Streaming.LambdaHandler
  const adapted = batchAdapterStream(handler, { interleaved: true, streamifyResponse: streamify })
  const done = adapted(batchOf(IDS.map(eventFor)), stream, {})

  while (firstPieces(stream) < IDS.length) await turns()
  expect(stream.records.filter((record) => 'type' in record && record.type === 'end')).toEqual([])
  open()
  await done
  const answers = fold(stream.records)
  for (const id of IDS) {
    expect(answers.get(id)?.status).toBe(200)
    expect(answers.get(id)?.contentType).toMatch(/^text\/plain/)
    expect(answers.get(id)?.body.toString()).toBe(`first of ${id}, second of ${id}`)
  }
})

function eventFor(id: string) {
  const { requestContext, ...event } = httpEvent(id)
  const http = { ...requestContext.http, path: `/pieces/${id}` }
  return { ...event, rawPath: `/pieces/${id}`, requestContext: { ...requestContext, http } }
}

function firstPieces(stream: MemoryStream): number {
  return [...fold(stream.records).values()].filter(({ body }) => body.toString().startsWith('first')).length
}
