import https from 'node:https'
import { type AddressInfo, createServer, type Socket } from 'node:net'
import { jest } from '@jest/globals'
import { selfSignedCertificate } from '@lpr/test-kit'
import { MAX_REPLY_BYTES, sendReply } from './reply.ts'
import type { CustomResourceEvent, Reply } from './request.ts'
import { startServer, type TestServer } from './testing.ts'

let server: TestServer
const printed: string[] = []

beforeEach(async () => {
  server = await startServer()
  printed.length = 0
  jest.spyOn(console, 'log').mockImplementation((line) => void printed.push(String(line)))
})
afterEach(async () => {
  jest.restoreAllMocks()
  await server.close()
})

function event(ResponseURL: string): CustomResourceEvent {
  const StackId = 'arn:aws:cloudformation:eu-central-1:123456789012:stack/s/1'
  return { RequestType: 'Create', ResponseURL, StackId, RequestId: 'r', LogicalResourceId: 'X' }
}

const SUCCESS: Reply = { status: 'SUCCESS', physicalResourceId: 'id', data: { Key: 'grün' } }
const failed = (reason: string): Reply => ({ status: 'FAILED', physicalResourceId: 'id', reason })
const AT_ONCE = { retryDelaysMs: [0, 0] }

const send = (reply: Reply, options = {}) =>
  sendReply(event(`${server.url}/a/b?c=d%2Fe`), { logStreamName: 'stream' }, reply, {
    ...AT_ONCE,
    ...options,
  })

function body(index = 0): Record<string, string> {
  return JSON.parse(server.received[index]?.body ?? '')
}

test('the answer is one PUT to the whole URL, as the presigned signature wants it', async () => {
  await send(SUCCESS)
  expect(server.received).toHaveLength(1)
  expect(server.received[0]).toMatchObject({ method: 'PUT', url: '/a/b?c=d%2Fe' })
  expect(server.received[0]?.headers).toMatchObject({ 'content-type': '' })
})

test('the length is counted in bytes', async () => {
  await send(SUCCESS)
  const text = server.received[0]?.body ?? ''
  expect(text).toContain('grün')
  expect(server.received[0]?.headers['content-length']).toBe(String(Buffer.byteLength(text)))
})

test('the reason of a failure is told; a success points to the log', async () => {
  await send(failed('Spec: is required'))
  await send(SUCCESS)
  expect(body(0)).toMatchObject({ Status: 'FAILED', Reason: 'Spec: is required' })
  expect(body(1)).toMatchObject({ Status: 'SUCCESS', Reason: expect.stringContaining('stream') })
})

test.each(['x', 'ü', '😀', '"', '\n'])(
  'a reason of many %j is cut to what fits, at a whole character',
  async (character) => {
    await send(failed(character.repeat(5000)))
    const text = server.received[0]?.body ?? ''
    expect(Buffer.byteLength(text)).toBeLessThanOrEqual(MAX_REPLY_BYTES)
    expect(Buffer.byteLength(text)).toBeGreaterThan(MAX_REPLY_BYTES - 8)
    expect(body().Reason).toMatch(new RegExp(`^(${character})+…$`, 'u'))
  },
)

test('a reason that just fits is left alone', async () => {
  await send(failed('x'))
  const room = MAX_REPLY_BYTES - Buffer.byteLength(server.received[0]?.body ?? '')
  await send(failed('x'.repeat(room + 1)))
  expect(Buffer.byteLength(server.received[1]?.body ?? '')).toBe(MAX_REPLY_BYTES)
  expect(body(1).Reason).not.toContain('…')
})

test('HTTPS on any port is spoken, and the certificate checked', async () => {
  const { cert, key } = selfSignedCertificate()
  const secure = await startServer((handler) => https.createServer({ cert, key }, handler))
  const url = secure.url.replace('http:', 'https:')
  await sendReply(event(url), {}, SUCCESS, { ...AT_ONCE, ca: cert })
  expect(secure.received).toHaveLength(1)
  await sendReply(event(url), {}, SUCCESS, AT_ONCE)
  expect(secure.received).toHaveLength(1)
  expect(printed.at(-1)).toContain('CloudFormation was not told')
  await secure.close()
})

test.each(['http://example.com/', 'http://127.0.0.1.example.com/', 'ftp://127.0.0.1/', 'nonsense', ''])(
  'the URL %j is refused with a log line',
  async (url) => {
    await sendReply(event(url), {}, SUCCESS, AT_ONCE)
    expect(printed).toHaveLength(1)
    expect(printed[0]).toContain('CloudFormation was not told')
  },
)

test('a dropped connection and an error of the server are tried again', async () => {
  const answers = [undefined, 503, 200]
  server.answer = () => answers.shift()
  await send(SUCCESS)
  expect(server.received).toHaveLength(3)
  expect(printed.join()).not.toContain('was not told')
})

test('a refusal is not tried again', async () => {
  server.answer = () => 403
  await send(SUCCESS)
  expect(server.received).toHaveLength(1)
  expect(printed.at(-1)).toContain('ResponseURL answered 403')
})

test('after the last try it is logged, and nothing is thrown', async () => {
  server.answer = () => 500
  await send(SUCCESS)
  expect(server.received).toHaveLength(3)
  expect(printed.at(-1)).toContain('ResponseURL answered 500')
})

test('a server that never answers does not hold the function', async () => {
  const silent = createServer((socket) => void sockets.push(socket))
  const sockets: Socket[] = []
  await new Promise<void>((resolve) => silent.listen(0, '127.0.0.1', resolve))
  const url = `http://127.0.0.1:${(silent.address() as AddressInfo).port}/`
  await sendReply(event(url), {}, SUCCESS, { ...AT_ONCE, timeoutMs: 50 })
  expect(sockets).toHaveLength(3)
  expect(printed.at(-1)).toContain('CloudFormation was not told')
  for (const socket of sockets) socket.destroy()
  await new Promise((resolve) => silent.close(resolve))
})

test('what the package borrows is given back, and the answer is not logged', async () => {
  const { request } = https
  const { log } = console
  await send({ ...SUCCESS, data: { Key: 'hunter2' } })
  expect(https.request).toBe(request)
  expect(console.log).toBe(log)
  expect(printed).toEqual([])
})

test('two answers at a time do not get mixed up', async () => {
  await Promise.all([send(failed('one')), send(failed('two'))])
  expect([body(0).Reason, body(1).Reason].sort()).toEqual(['one', 'two'])
})
