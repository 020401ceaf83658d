import fc from 'fast-check'
import { batchOf, captureLog, httpEvent, lambdaContext, MemoryStream, streamify } from '../tests/support.ts'
import { batchAdapterStream } from './index.ts'

let log: ReturnType<typeof captureLog>
beforeEach(() => {
  log = captureLog()
})
afterEach(() => log.restore())

test('each id gets exactly one ending, whatever the handlers, bodies and limits do', async () => {
  const fates = ['text', 'stream', 'throw', 'bad status', 'broken stream'] as const
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.record({ id: fc.constantFrom('', 'a', 'b', 'c', 'd'), fate: fc.constantFrom(...fates) })),
      fc.record({ interleaved: fc.boolean(), concurrency: fc.integer({ min: 1, max: 4 }) }),
      fc.scheduler(),
      async (items, options, scheduler) => {
        async function* pieces(broken: boolean) {
          yield 'a'
          await scheduler.schedule(Promise.resolve())
          if (broken) throw new Error('broken')
          yield 'b'
        }
        const handler = async ({ fate }: { fate: string }) => {
          await scheduler.schedule(Promise.resolve())
          if (fate === 'throw') throw new Error(fate)
          if (fate === 'bad status') return { statusCode: -1 }
          return fate === 'text' ? fate : { statusCode: 200, body: pieces(fate === 'broken stream') }
        }
        const stream = new MemoryStream()
        const adapted = batchAdapterStream(handler, { streamifyResponse: streamify, ...options })
        await scheduler.waitFor(adapted(batchOf(items), stream))
        const endings = stream.records.filter(
          (record) => !('type' in record) || /end|error/.test(record.type),
        )
        const ids = new Set(items.map(({ id }) => id).filter((id) => id !== ''))
        expect(endings.map(({ id }) => id).sort()).toEqual([...ids].sort())
        for (const id of ids) expect(endings).toContainEqual(stream.recordsOf(id).at(-1))
      },
    ),
    { numRuns: 50 },
  )
})

test('items without an id of their own are reported, and do not harm the others', async () => {
  const stream = new MemoryStream()
  const batch = batchOf([httpEvent(''), httpEvent('a'), httpEvent('a')])
  await batchAdapterStream(() => 'fine', { streamifyResponse: streamify })(batch, stream, lambdaContext())
  expect(stream.records.map(({ id }) => id)).toEqual(['a'])
  expect(log.lines).toMatchObject([{ phase: 'item' }, { phase: 'item', requestId: 'a' }])
})
