import { batchAdapter, batchAdapterStream } from './index.ts'

const handler = async () => 'ok'
const streamifyResponse = (adapted: unknown) => adapted

const untyped = (options: unknown) => options as { concurrency?: number }

test.each([0, -1, 1.5, Number.NaN, Number.NEGATIVE_INFINITY, '8', true, {}, []])(
  'a concurrency of %p is refused when the adapter is made',
  (concurrency) => {
    const options = untyped({ concurrency })
    expect(() => batchAdapter(handler, options)).toThrow(TypeError)
    expect(() => batchAdapterStream(handler, { streamifyResponse, ...options })).toThrow(
      /batchAdapterStream: options.concurrency: expected a whole number from 1, or Infinity, got /,
    )
  },
)

test.each([1, 16, Number.POSITIVE_INFINITY, undefined, null])(
  'a concurrency of %p is accepted',
  (concurrency) => {
    expect(typeof batchAdapter(handler, untyped({ concurrency }))).toBe('function')
  },
)

test('options may be left out or be null', () => {
  expect(typeof batchAdapter(handler)).toBe('function')
  expect(typeof batchAdapter(handler, untyped(null))).toBe('function')
})

test('all mistakes are named at once, with what was expected and what came', () => {
  const options = { concurrency: 0, onError: 'log', interleaved: 1, streamifyResponse: {} }
  const make = () => batchAdapterStream('handler' as unknown as typeof handler, options as never)
  expect(make).toThrow(
    new TypeError(
      'batchAdapterStream: handler: expected a function, got "handler"; ' +
        'options.concurrency: expected a whole number from 1, or Infinity, got 0; ' +
        'options.onError: expected a function, got "log"; ' +
        'options.interleaved: expected true or false, got 1; ' +
        'options.streamifyResponse: expected a function, or the global awslambda.streamifyResponse of the Node.js Lambda runtime, got an object',
    ),
  )
})

test('outside the Lambda runtime a streaming adapter needs streamifyResponse', () => {
  expect(() => batchAdapterStream(handler)).toThrow(/awslambda.streamifyResponse .* got neither/)
})

test('the global streamifyResponse of the runtime is used by default', () => {
  const runtime = globalThis as { awslambda?: unknown }
  const marked: unknown[] = []
  runtime.awslambda = { streamifyResponse: (adapted: unknown) => marked.push(adapted) && adapted }
  try {
    const adapted = batchAdapterStream(handler)
    expect(marked).toEqual([adapted])
  } finally {
    delete runtime.awslambda
  }
})

test('no adapted handler has more than two parameters, which a runtime would take for a callback', () => {
  expect(batchAdapter(handler).length).toBeLessThanOrEqual(2)
  expect(batchAdapterStream(handler, { streamifyResponse }).length).toBeLessThanOrEqual(2)
})
