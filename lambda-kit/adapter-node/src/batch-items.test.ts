import { jest } from '@jest/globals'
import fc from 'fast-check'
import { batchOf, captureLog, httpEvent, lambdaContext } from '../tests/support.ts'
import { batchAdapter, type HttpEvent } from './index.ts'

let log: ReturnType<typeof captureLog>
beforeEach(() => {
  log = captureLog()
})
afterEach(() => log.restore())

test('items that cannot be told apart are reported, and the others are answered once each', async () => {
  const handler = jest.fn((event: HttpEvent) => event.rawPath)
  const phases: string[] = []
  const nameless = { ...httpEvent('x'), requestContext: undefined } as unknown as HttpEvent
  const batch = batchOf([
    nameless,
    httpEvent('a', { rawPath: '/first' }),
    null as unknown as HttpEvent,
    httpEvent('a', { rawPath: '/second' }),
    httpEvent('', { rawPath: '/empty' }),
    httpEvent('b'),
  ])
  const adapted = batchAdapter(handler, { onError: (_, { phase }) => phases.push(phase) })
  const { responses } = await adapted(batch, lambdaContext())
  expect(responses.map(({ id, body }) => [id, body])).toEqual([
    ['a', '/first'],
    ['b', '/hello/hi'],
  ])
  expect(handler).toHaveBeenCalledTimes(2)
  expect(phases).toEqual(['item', 'item', 'item', 'item'])
  expect(log.lines.map(({ requestId, error }) => [requestId, (error as Error).message])).toEqual([
    ['invocation-1', 'batch[0]: expected an id in requestContext.requestId, got none'],
    ['invocation-1', 'batch[2]: expected an id in requestContext.requestId, got none'],
    ['a', 'batch[3]: expected an id of its own, got a, which an earlier item has'],
    ['invocation-1', 'batch[4]: expected an id in requestContext.requestId, got none'],
  ])
})

test('an item that is no HTTP event may carry its id at the top', async () => {
  const adapted = batchAdapter((event: { id: string; n: number }) => event.n)
  expect(await adapted(batchOf([{ id: 'a', n: 1 }]))).toMatchObject({ responses: [{ id: 'a', body: '1' }] })
})

test('each id is answered exactly once and in order, whatever the handlers do', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(
        fc.record({
          id: fc.constantFrom('', 'a', 'b', 'c', 'd'),
          fate: fc.constantFrom('ok', 'throw', 'bad'),
        }),
      ),
      fc.integer({ min: 1, max: 4 }),
      fc.scheduler(),
      async (items, concurrency, scheduler) => {
        const handler = async ({ fate }: { fate: string }) => {
          await scheduler.schedule(Promise.resolve())
          if (fate === 'throw') throw new Error(fate)
          return fate === 'bad' ? { statusCode: -1 } : fate
        }
        const done = batchAdapter(handler, { concurrency })(batchOf(items))
        const { responses } = await scheduler.waitFor(done)
        const ids = items.map(({ id }) => id).filter((id) => id !== '')
        expect(responses.map(({ id }) => id)).toEqual([...new Set(ids)])
      },
    ),
    { numRuns: 50 },
  )
})
