import * as esbuild from 'esbuild'
import { startLambda, stopLambdas } from '../../../toolkit/src/local-lambda/test-functions.ts'
import {
  batchOf,
  batchOfIds,
  buildAll,
  invoke,
  invokeStream,
  item,
  layerFunction,
  recordsById,
  recordsOf,
  removeAll,
} from './support.ts'

beforeAll(buildAll)
afterEach(stopLambdas)
afterAll(removeAll)

/** A function whose handler streams; `body` is the handler's. */
function streaming(body: string, environment: Record<string, string> = {}) {
  const source = `import { pipeline } from 'node:stream/promises'
    const { HttpResponseStream } = awslambda
    export const handler = awslambda.streamifyResponse(async (event, stream, context) => { ${body} })`
  return layerFunction(source, { name: 'streaming', environment })
}

const WITH_PRELUDE = `
  const http = awslambda.HttpResponseStream.from(stream, {
    statusCode: 201, headers: { 'content-type': 'text/plain' }, cookies: ['c=1'] })
  http.write('one ')
  http.write(context.awsRequestId)
  http.end()`

test('what a handler writes for an item becomes the records of that item', async () => {
  const { client } = await startLambda([streaming(WITH_PRELUDE)])
  const { text } = await invokeStream(client, 'streaming', batchOfIds('a', 'b'))
  for (const id of ['a', 'b']) {
    const [head, ...rest] = recordsById(text, id)
    const headers = { 'content-type': 'text/plain' }
    expect(head).toEqual({ v: 1, id, type: 'head', statusCode: 201, headers, cookies: ['c=1'] })
    expect(bodyOf(rest)).toBe(`one ${id}`)
    expect(rest.at(-1)).toEqual({ v: 1, id, type: 'end' })
  }
})

test('a piece reaches the client while the handler still works', async () => {
  const source = `
    let next
    const both = new Promise((resolve) => (next = resolve))
    export const handler = awslambda.streamifyResponse(async (event, stream, { awsRequestId: id }) => {
      stream.write(id)
      if (id === 'a') await both
      else setTimeout(next, 20)
      stream.end('!')
    })`
  const { client } = await startLambda([layerFunction(source, { name: 'pieces' })])
  const { text } = await invokeStream(client, 'pieces', batchOfIds('a', 'b'))
  const order = recordsOf(text).map(({ id, type }) => `${id} ${type}`)
  expect(order.indexOf('a chunk')).toBeLessThan(order.indexOf('b end'))
  expect(order.at(-1)).toBe('a end')
})

test.each([
  ['nothing but a body', "stream.end('hi')", 'application/octet-stream', 'hi'],
  ['a content type', "stream.setContentType('text/html'); stream.end('<p>')", 'text/html', '<p>'],
  ['an object', 'stream.write({ a: 1 }); stream.end()', 'application/octet-stream', '{"a":1}'],
  ['nothing at all', 'stream.end()', 'application/octet-stream', ''],
  ['a pipeline', "await pipeline(['x', 'y'], stream)", 'application/octet-stream', 'xy'],
])('a handler may stream %s', async (_, body, contentType, expected) => {
  const { client } = await startLambda([streaming(body)])
  const { text } = await invokeStream(client, 'streaming', batchOfIds('a'))
  const [head, ...rest] = recordsOf(text)
  expect(head).toMatchObject({ type: 'head', statusCode: 200, headers: { 'content-type': contentType } })
  expect(bodyOf(rest)).toBe(expected)
  expect(rest.at(-1)?.type).toBe('end')
})

const PRELUDE = 'JSON.stringify({ statusCode: 202, headers: { "x-a": "1" } })'
const HTTP = "stream.setContentType('application/vnd.awslambda.http-integration-response')"

test.each([
  [
    'by a reference taken while loading',
    'HttpResponseStream.from(stream, { statusCode: 202, headers: { "x-a": 1 } }).end("hi")',
  ],
  [
    'written by hand, cut anywhere',
    `${HTTP}; stream.write(${PRELUDE}); stream.write(Buffer.alloc(5)); stream.write(Buffer.alloc(3)); stream.end('hi')`,
  ],
  [
    'by a library with the hook of the runtime',
    `${HTTP}; stream._onBeforeFirstWrite = (write) => { write(${PRELUDE}); write(new Uint8Array(8)) }; stream.write('hi'); stream.end()`,
  ],
])('a prelude may come %s', async (_, body) => {
  const { client } = await startLambda([streaming(body)])
  const { text } = await invokeStream(client, 'streaming', batchOfIds('a'))
  const [head, ...rest] = recordsOf(text)
  expect(head).toMatchObject({ type: 'head', statusCode: 202, headers: { 'x-a': '1' } })
  expect(bodyOf(rest)).toBe('hi')
})

test.each([
  ['throws before it writes', "throw new Error('early')", 'early'],
  ['is not async', '', 'Streaming does not support non-async handlers.'],
  ['promises a prelude and writes none', `${HTTP}; stream.end('hi')`, 'expected a prelude'],
  ['writes a prelude that is no JSON', `${HTTP}; stream.write('{'); stream.end(Buffer.alloc(8))`, 'JSON'],
])('an item whose handler %s gets 500, and the log says why', async (what, body, message) => {
  const sync =
    'export const handler = awslambda.streamifyResponse((event, stream) => { setTimeout(() => stream.end(), 5) })'
  const definition = what === 'is not async' ? layerFunction(sync, { name: 'streaming' }) : streaming(body)
  const { client, logs } = await startLambda([definition])
  const { text } = await invokeStream(client, 'streaming', batchOfIds('a'))
  expect(recordsOf(text)).toMatchObject([{ id: 'a', type: 'error', statusCode: 500 }])
  expect(logs.map(({ text: line }) => line).join('\n')).toContain(message)
})

test('an item that fails after its head is broken off, and the others are answered', async () => {
  const body = `
    stream.write('begun')
    if (context.awsRequestId === 'bad') { await new Promise(setImmediate); throw new Error('late') }
    stream.end()`
  const { client, logs } = await startLambda([streaming(body)])
  const { text, error } = await invokeStream(client, 'streaming', batchOfIds('bad', 'a'))
  expect(error).toBeUndefined()
  expect(recordsById(text, 'bad').at(-1)).toMatchObject({ type: 'error' })
  expect(recordsById(text, 'a').at(-1)).toMatchObject({ type: 'end' })
  expect(logs.map(({ text: line }) => line).join('\n')).toContain('late')
})

test('an item that fails as soon as it has begun to write is broken off, and the log says why', async () => {
  const { client, logs } = await startLambda([streaming("stream.write('begun'); throw new Error('at once')")])
  const { text } = await invokeStream(client, 'streaming', batchOfIds('a'))
  expect(recordsOf(text).at(-1)).toMatchObject({ id: 'a', type: 'error' })
  expect(logs.map(({ text: line }) => line).join('\n')).toContain('at once')
})

test.each(['buffered', 'response_stream'])(
  'the invocation lasts until the handlers have done what they do after their answers, %s',
  async (mode) => {
    const source = `
      let done = 0
      export const handler = awslambda.streamifyResponse(async (event, stream) => {
        stream.end(String(done))
        if (event.rawPath === undefined) return
        await new Promise((resolve) => setTimeout(resolve, 50))
        done += 1
      })`
    const environment = { LPR_INVOKE_MODE: mode }
    const { client } = await startLambda([layerFunction(source, { name: 'working', environment })])
    await invokeStream(client, 'working', batchOfIds('a', 'b'))
    expect((await invokeStream(client, 'working', {})).text).toBe('2')
  },
)

test('an error after the whole answer is logged, and the answer stands', async () => {
  const source = `
    let failing
    const failed = new Promise((resolve) => (failing = resolve))
    export const handler = awslambda.streamifyResponse(async (event, stream, { awsRequestId: id }) => {
      if (id === 'b') {
        await failed
        return stream.end()
      }
      stream.end('all')
      await new Promise((resolve) => stream.once('close', resolve))
      setTimeout(failing, 20)
      throw new Error('after')
    })`
  const { client, logs } = await startLambda([layerFunction(source, { name: 'streaming' })])
  const { text } = await invokeStream(client, 'streaming', batchOfIds('a', 'b'))
  expect(recordsById(text, 'a').at(-1)).toEqual({ v: 1, id: 'a', type: 'end' })
  expect(logs.map(({ text: line }) => line).join('\n')).toContain('after')
})

test('a handler that writes faster than its reader reads is held back', async () => {
  const body = `
    let held = 0
    for (let at = 0; at < 64; at += 1) {
      if (stream.write(Buffer.alloc(65_536, 97))) continue
      held += 1
      await new Promise((resolve) => stream.once('drain', resolve))
    }
    stream.end(held > 0 ? 'held' : 'never held')`
  const { client } = await startLambda([streaming(body)])
  const { text } = await invokeStream(client, 'streaming', batchOfIds('a'))
  const bytes = bodyOf(recordsOf(text))
  expect(bytes.length).toBe(64 * 65_536 + 4)
  expect(bytes.endsWith('held')).toBe(true)
})

test('with LPR_INVOKE_MODE=buffered the answers come in one document', async () => {
  const { client } = await startLambda([streaming(WITH_PRELUDE, { LPR_INVOKE_MODE: 'buffered' })])
  const { text } = await invoke(client, 'streaming', batchOfIds('a', 'b'))
  expect(JSON.parse(text).responses).toMatchObject([
    { id: 'a', statusCode: 201, cookies: ['c=1'], body: Buffer.from('one a').toString('base64') },
    { id: 'b', statusCode: 201, body: Buffer.from('one b').toString('base64') },
  ])
})

test.each(['buffered', 'response_stream'])(
  'an event that is no batch has the stream itself, %s',
  async (mode) => {
    const { client } = await startLambda([streaming(WITH_PRELUDE, { LPR_INVOKE_MODE: mode })])
    const { text } = await invokeStream(client, 'streaming', { v: 1 })
    const [prelude, body] = text.split('\0'.repeat(8))
    expect(JSON.parse(prelude ?? '')).toMatchObject({ statusCode: 201, cookies: ['c=1'] })
    expect(body).toMatch(/^one [0-9a-f-]{36}$/)
  },
)

test('an item that hangs is given up, and the others are answered', async () => {
  const body = "if (event.hang) await new Promise(() => setTimeout(() => {}, 60_000)); stream.end('fine')"
  const definition = { ...streaming(body), timeoutMs: 3000 }
  const { client } = await startLambda([definition])
  const { text, error } = await invokeStream(
    client,
    'streaming',
    batchOf(item('hung', { hang: true }), item('a')),
  )
  expect(error).toBeUndefined()
  expect(recordsById(text, 'hung')).toMatchObject([{ type: 'error', statusCode: 504 }])
  expect(recordsById(text, 'a').at(-1)?.type).toBe('end')
})

test.each(['buffered', 'stream'])('a function that has the adapter already works on, %s', async (name) => {
  const contents = `import { batchAdapter, batchAdapterStream } from 'lpr-lambda-adapter'
    const answer = async (event) => ({ statusCode: 201, body: event.rawPath })
    export const buffered = batchAdapter(answer)
    export const stream = batchAdapterStream(answer)`
  const { outputFiles } = await esbuild.build({
    stdin: { contents, resolveDir: import.meta.dirname },
    bundle: true,
    write: false,
    platform: 'node',
    format: 'esm',
    conditions: ['lpr-source'],
  })
  const definition = layerFunction(outputFiles[0]?.text ?? '', { name: 'adapted', handler: `app.${name}` })
  const { client } = await startLambda([definition])
  const { text } = await invokeStream(client, 'adapted', batchOfIds('a', 'b'))
  for (const id of ['a', 'b']) {
    expect(recordsById(text, id)[0]).toMatchObject({ statusCode: 201 })
    expect(bodyOf(recordsById(text, id))).toBe(`/${id}`)
  }
})

function bodyOf(records: { body?: string; isBase64Encoded?: boolean }[]): string {
  const pieces = records.map(({ body = '', isBase64Encoded }) =>
    Buffer.from(body, isBase64Encoded ? 'base64' : 'utf8'),
  )
  return Buffer.concat(pieces).toString('utf8')
}
