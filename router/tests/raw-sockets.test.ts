import { existsSync, readFileSync } from 'node:fs'
import { raw, startRouter, statuses } from './harness.ts'

let router: Awaited<ReturnType<typeof startRouter>>

beforeAll(async () => {
  router = await startRouter({ config: { HeadersTimeoutMs: 300 } })
})
afterAll(() => router.stop())
beforeEach(() => router.events.splice(0))

const get = 'GET /items/1 HTTP/1.1\r\n'
const post = 'POST /items/1 HTTP/1.1\r\nHost: h\r\n'

const requests = () => router.events.flatMap(({ batch }) => batch)

test.each([
  ['conflicting Content-Length', `${post}Content-Length: 1\r\nContent-Length: 2\r\n\r\nab`],
  ['repeated Content-Length', `${post}Content-Length: 2\r\nContent-Length: 2\r\n\r\nab`],
  [
    'Content-Length with Transfer-Encoding',
    `${post}Content-Length: 2\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n`,
  ],
  [
    'Transfer-Encoding with Content-Length',
    `${post}Transfer-Encoding: chunked\r\nContent-Length: 2\r\n\r\n0\r\n\r\n`,
  ],
  ['an unknown transfer coding', `${post}Transfer-Encoding: gzip\r\n\r\n0\r\n\r\n`],
  ['chunked that is not last', `${post}Transfer-Encoding: chunked, gzip\r\n\r\n0\r\n\r\n`],
  ['a negative Content-Length', `${post}Content-Length: -1\r\n\r\n`],
  ['a Content-Length that is no number', `${post}Content-Length: 0x2\r\n\r\nab`],
  ['a signed Content-Length', `${post}Content-Length: +2\r\n\r\nab`],
  ['a folded header', `${get}Host: h\r\nX-A: 1\r\n 2\r\n\r\n`],
  ['space before the colon', `${get}Host : h\r\n\r\n`],
  ['a bare CR in a header', `${get}Host: h\r\nX-A: 1\r2\r\n\r\n`],
  ['NUL in a header', `${get}Host: h\r\nX-A: 1\0\r\n\r\n`],
  ['NUL in the target', 'GET /items/\0 HTTP/1.1\r\nHost: h\r\n\r\n'],
  ['a space in the target', 'GET /items/ 1 HTTP/1.1\r\nHost: h\r\n\r\n'],
  ['a fragment in the target', 'GET /items/1#f HTTP/1.1\r\nHost: h\r\n\r\n'],
  ['bytes beyond ASCII in the target', 'GET /items/\xe9 HTTP/1.1\r\nHost: h\r\n\r\n'],
  ['a target that is no path', 'GET items/1 HTTP/1.1\r\nHost: h\r\n\r\n'],
  ['no Host', `${get}\r\n`],
  ['an unknown version', 'GET /items/1 HTTP/3.0\r\nHost: h\r\n\r\n'],
  ['a chunk size that is none', `${post}Transfer-Encoding: chunked\r\n\r\nzz\r\nab\r\n0\r\n\r\n`],
  ['a head over the limit', `${get}Host: h\r\nX-A: ${'a'.repeat(20_000)}\r\n\r\n`],
  ['no HTTP at all', '\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03\r\n\r\n'],
  ['CONNECT', 'CONNECT example.com:443 HTTP/1.1\r\nHost: example.com\r\n\r\n'],
])('%s ends as one 4xx, and nothing is invoked', async (_, bytes) => {
  const received = await raw(router.port, bytes, { halfClose: true })
  expect(statuses(received)).toHaveLength(1)
  expect(statuses(received)[0]).toBeGreaterThanOrEqual(400)
  expect(statuses(received)[0]).toBeLessThan(500)
  expect(received).toMatch(/content-type: application\/problem\+json/i)
  expect(requests()).toEqual([])
})

test('a request head that never ends is closed with 408', async () => {
  const received = await raw(router.port, `${get}Host: h\r\n`)
  expect(statuses(received)).toEqual([408])
  expect(received).toContain('x-lpr-error: request_read_timeout')
})

test.each([
  [
    'chunk extensions',
    `${post}Connection: close\r\nTransfer-Encoding: chunked\r\n\r\n2;a=b\r\nok\r\n0\r\n\r\n`,
  ],
  [
    'trailers',
    `${post}Connection: close\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nok\r\n0\r\nX-T: 1\r\n\r\n`,
  ],
])('%s are read as one request', async (_, bytes) => {
  expect(statuses(await raw(router.port, bytes))).toEqual([200])
  expect(requests()).toMatchObject([{ body: 'ok' }])
})

test('an absolute-form target is the request of its path, and its host wins', async () => {
  const bytes =
    'GET http://api.example.com:81/items/1?a=b HTTP/1.1\r\nHost: other\r\nConnection: close\r\n\r\n'
  expect(statuses(await raw(router.port, bytes))).toEqual([200])
  expect(requests()).toMatchObject([
    { rawPath: '/items/1', rawQueryString: 'a=b', requestContext: { domainName: 'api.example.com' } },
  ])
})

test('OPTIONS * matches no route', async () => {
  const received = await raw(router.port, 'OPTIONS * HTTP/1.1\r\nHost: h\r\nConnection: close\r\n\r\n')
  expect(statuses(received)).toEqual([404])
})

test('pipelined requests are answered in order', async () => {
  const bytes = `${get}Host: h\r\n\r\nGET /nope HTTP/1.1\r\nHost: h\r\n\r\n${get}Host: h\r\nConnection: close\r\n\r\n`
  expect(statuses(await raw(router.port, bytes))).toEqual([200, 404, 200])
  expect(requests()).toHaveLength(2)
})

test('a client that has shut its sending side still gets its answer', async () => {
  expect(statuses(await raw(router.port, `${get}Host: h\r\n\r\n`, { halfClose: true }))).toEqual([200])
  expect(requests()).toHaveLength(1)
})

test('a body that the client never finished is not invoked', async () => {
  await raw(router.port, `${post}Content-Length: 5\r\n\r\nab`, { halfClose: true })
  expect(requests()).toEqual([])
})

test('HTTP/1.0 without keep-alive is served and closed', async () => {
  const received = await raw(router.port, 'GET /items/1 HTTP/1.0\r\n\r\n')
  expect(statuses(received)).toEqual([200])
  expect(requests()).toMatchObject([{ requestContext: { http: { protocol: 'HTTP/1.0' } } }])
})

/** Node's own queue takes 511. Not many more, because each takes a port that another test may be about to listen on. */
const CLIENTS = 700

/** How often the kernel has dropped a connection because nobody had accepted those before it; 0 where it does not tell. */
function droppedConnections(): number {
  if (!existsSync('/proc/net/netstat')) return 0
  const [names = '', values = ''] = readFileSync('/proc/net/netstat', 'utf8').split('\n')
  return Number(values.split(' ')[names.split(' ').indexOf('ListenOverflows')])
}

test('more clients than Node lets wait may connect at once: all are answered, none is dropped on the way', async () => {
  const request = 'GET /healthz HTTP/1.1\r\nHost: h\r\nConnection: close\r\n\r\n'
  const before = droppedConnections()
  const answers = await Promise.all(Array.from({ length: CLIENTS }, () => raw(router.port, request)))
  expect(new Set(answers.flatMap(statuses))).toEqual(new Set([200]))
  expect(droppedConnections()).toBe(before)
})
