import { Readable } from 'node:stream'
import { finished } from 'node:stream/promises'
import { httpEvent, lambdaContext, MemoryStream, streamify, turns } from '../tests/support.ts'
import { batchAdapterStream, type Handler, type ItemContext } from './index.ts'

const runtime = globalThis as { awslambda?: unknown }

interface Hooked extends MemoryStream {
  prelude?: object
}

beforeEach(() => {
  // As the runtime's: status and headers leave with the first write, even an empty one.
  const from = (stream: Hooked, prelude: object) => {
    const write = stream.write.bind(stream)
    stream.write = (...args: unknown[]) => {
      stream.prelude = prelude
      return write(...(args as [string]))
    }
    return stream
  }
  runtime.awslambda = { HttpResponseStream: { from } }
})
afterEach(() => {
  delete runtime.awslambda
})

async function answerOf(handler: Handler): Promise<Hooked> {
  const stream: Hooked = new MemoryStream()
  const adapted = batchAdapterStream(handler, { streamifyResponse: streamify, interleaved: true })
  await adapted(httpEvent('direct'), stream, lambdaContext())
  return stream
}

test('an ordinary event is answered as behind a function URL: status and headers first, then the body', async () => {
  const stream = await answerOf(() => ({
    statusCode: 201,
    headers: { a: ['1', '2'] },
    cookies: ['k=v'],
    body: ['h', Buffer.from('i')],
  }))
  expect(stream.prelude).toEqual({ statusCode: 201, headers: { a: '1, 2' }, cookies: ['k=v'] })
  expect(stream.text).toBe('hi')
  expect(stream.writableFinished).toBe(true)
})

test('status and headers are sent even if there is no body', async () => {
  const stream = await answerOf(() => ({ statusCode: 204 }))
  expect(stream.prelude).toEqual({ statusCode: 204, headers: {} })
  expect(stream.text).toBe('')
})

test('the handler gets the event and the context of the invocation', async () => {
  let given: ItemContext | undefined
  await answerOf((_event, context) => {
    given = context
  })
  expect(given?.awsRequestId).toBe('invocation-1')
})

test('the error of the handler is left to the runtime', async () => {
  const error = new Error('mine')
  await expect(answerOf(() => Promise.reject(error))).rejects.toBe(error)
})

test('a body that fails half-way fails the invocation', async () => {
  async function* body() {
    yield 'a'
    throw new Error('lost')
  }
  await expect(answerOf(() => ({ statusCode: 200, body: body() }))).rejects.toThrow('lost')
})

test('when the stream is gone the body is closed', async () => {
  const stream = new MemoryStream()
  let closed = false
  async function* body() {
    try {
      for (;;) {
        yield 'x'
        stream.destroy()
        await finished(stream).catch(() => {})
      }
    } finally {
      closed = true
    }
  }
  const adapted = batchAdapterStream(() => ({ statusCode: 200, body: body() }), {
    streamifyResponse: streamify,
  })
  await expect(adapted(httpEvent('direct'), stream)).rejects.toThrow('closed before its end')
  expect(closed).toBe(true)
})

test('when the stream is gone a body that gives nothing is closed too', async () => {
  const stream = new MemoryStream()
  const body = new Readable({ read() {} })
  const handler = () => ({ statusCode: 200, body })
  const done = batchAdapterStream(handler, { streamifyResponse: streamify })(httpEvent('direct'), stream)
  await turns()
  stream.destroy(new Error('connection reset'))
  await expect(done).rejects.toThrow('the response stream failed')
  expect(body.destroyed).toBe(true)
})

test('without the runtime an ordinary event is refused, and it is said what is missing', async () => {
  delete runtime.awslambda
  await expect(answerOf(() => 'never')).rejects.toThrow(/expected the global awslambda.HttpResponseStream/)
})
