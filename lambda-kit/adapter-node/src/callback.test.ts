import { captureLog, httpBatch, httpEvent, idOf, lambdaContext } from '../tests/support.ts'
import { batchAdapter, type HttpEvent } from './index.ts'

type Callback = (error?: unknown, value?: unknown) => void

test('a handler that takes a callback answers by it', async () => {
  const old = (event: HttpEvent, _context: unknown, callback: Callback) => {
    setImmediate(() => callback(null, idOf(event)))
  }
  const adapted = batchAdapter(old)
  const { responses } = await adapted(httpBatch('a', 'b'), lambdaContext())
  expect(responses.map(({ body }) => body)).toEqual(['a', 'b'])
  expect(await adapted(httpEvent('c'), lambdaContext())).toBe('c')
})

test('an error given to the callback, or thrown before it, fails that item', async () => {
  const log = captureLog()
  const old = (event: HttpEvent, _context: unknown, callback: Callback) => {
    if (idOf(event) === 'a') throw new Error('thrown')
    callback(new Error('given'))
  }
  const { responses } = await batchAdapter(old)(httpBatch('a', 'b'))
  log.restore()
  expect(responses.map(({ statusCode }) => statusCode)).toEqual([500, 500])
  expect(log.lines.map(({ error }) => (error as Error).message).sort()).toEqual(['given', 'thrown'])
})

test('a handler that names a callback and returns a promise need not call it', async () => {
  const both = async (event: HttpEvent, _context: unknown, _callback: Callback) => idOf(event)
  const { responses } = await batchAdapter(both)(httpBatch('a'))
  expect(responses).toMatchObject([{ body: 'a' }])
})
