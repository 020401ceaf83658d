import { id, raw, startRouter, statuses } from './harness.ts'

let router: Awaited<ReturnType<typeof startRouter>>
afterEach(() => router.stop())

/** Records that arrive together, as a function sends them that has its whole answer ready. */
test.each([
  [
    'with a head and chunks',
    [
      { type: 'head', statusCode: 201 },
      { type: 'chunk', body: 'a'.repeat(32) },
      { type: 'chunk', body: 'b' },
    ],
  ],
  [
    'with chunks only',
    [
      { type: 'chunk', body: 'a'.repeat(32) },
      { type: 'chunk', body: 'b' },
    ],
  ],
  ['with one chunk', [{ type: 'chunk', body: `${'a'.repeat(32)}b` }]],
])(
  'an answer that comes at once, %s, goes out as well-formed HTTP, again and again on a connection',
  async (_, records) => {
    router = await startRouter({
      lpr: { invokeMode: 'response_stream', maxBatchSize: 1 },
      answer: (event) => ({
        kind: 'stream',
        chunks: (async function* () {
          const lines = event.batch.flatMap((item) =>
            [...records, { type: 'end' }].map((record) => JSON.stringify({ v: 1, ...id(item), ...record })),
          )
          yield Buffer.from(`${lines.join('\n')}\n`)
        })(),
      }),
    })
    const request = 'GET /items/1 HTTP/1.1\r\nHost: h\r\n\r\n'
    const last = 'GET /items/1 HTTP/1.1\r\nHost: h\r\nConnection: close\r\n\r\n'
    const received = await raw(router.port, `${request}${request}${last}`)
    expect(statuses(received)).toHaveLength(3)
    for (const response of received.split(/(?=HTTP\/1\.1 20)/)) {
      expect(response).toMatch(/^HTTP\/1\.1 20[01] /)
      const body = response.slice(response.indexOf('\r\n\r\n') + 4)
      expect(unchunked(body)).toBe(`${'a'.repeat(32)}b`)
    }
  },
)

function unchunked(text: string): string {
  const end = text.indexOf('\r\n')
  const size = Number.parseInt(text.slice(0, end), 16)
  return size === 0 ? '' : text.slice(end + 2, end + 2 + size) + unchunked(text.slice(end + 4 + size))
}
