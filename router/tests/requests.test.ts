import { buffered, echo, id, raw, startRouter, until } from './harness.ts'

let started: Awaited<ReturnType<typeof startRouter>> | undefined

async function start(...options: Parameters<typeof startRouter>) {
  started = await startRouter(...options)
  return started
}

afterEach(async () => {
  await started?.stop()
  started = undefined
})

test('concurrent requests share an invocation and each gets its own answer', async () => {
  const { url, events } = await start({ lpr: { maxWaitMs: 1000, maxBatchSize: 3 } })
  const answers = await Promise.all(
    ['a', 'b', 'c'].map(async (name) => json(await fetch(`${url}/items/${name}`))),
  )
  expect(answers.map(({ pathParameters }) => pathParameters.id)).toEqual(['a', 'b', 'c'])
  expect(events).toMatchObject([
    { v: 1, meta: { router: 'lambda-parallel-router', route: '/items/{id}', flushReason: 'size' } },
  ])
})

test('the request id of the event comes back as a header', async () => {
  const { url } = await start()
  const response = await fetch(`${url}/items/1`)
  const { requestContext } = await json(response)
  expect(requestContext.requestId).toMatch(/^r-[0-9a-f-]{36}$/)
  expect(response.headers.get('x-lpr-request-id')).toBe(requestContext.requestId)
})

test('batch headers tell size, wait and flush reason when asked for', async () => {
  const { url } = await start({ config: { IncludeBatchHeaders: true } })
  const { headers } = await fetch(`${url}/items/1`)
  expect([headers.get('x-lpr-batch-size'), headers.get('x-lpr-flush-reason')]).toEqual(['1', 'window'])
  expect(Number(headers.get('x-lpr-batch-wait-ms'))).toBeGreaterThanOrEqual(4)
})

test('an adaptive window does not wait for company that is worth less than the wait', async () => {
  const adaptiveWait = { invocationPriceMs: 0.001 }
  // A fixed window of this length would outlast the test.
  const lpr = { maxWaitMs: 3600_000, timeoutMs: 7200_000, adaptiveWait }
  const { url } = await start({ config: { IncludeBatchHeaders: true }, lpr })
  for (let i = 0; i < 12; i++) {
    const { status, headers } = await fetch(`${url}/items/${i}`)
    expect([status, headers.get('x-lpr-batch-size')]).toEqual([200, '1'])
  }
})

test('an adaptive window batches what comes together', async () => {
  const lpr = { maxWaitMs: 3600_000, timeoutMs: 7200_000, maxBatchSize: 3, adaptiveWait: {} }
  const { url, events } = await start({ lpr })
  await Promise.all([1, 2, 3].map((i) => fetch(`${url}/items/${i}`)))
  expect(events.map(({ batch }) => batch.length)).toEqual([3])
})

test.each([
  ['GET', '/nope', 404, 'route_not_found', {}],
  ['DELETE', '/items/1', 405, 'method_not_allowed', { allow: 'GET, HEAD, POST' }],
  ['GET', '/items/%ff', 400, 'bad_request', {}],
])('%s %s ends as %i %s, with a problem document', async (method, path, status, code, headers) => {
  const { url, events } = await start()
  const response = await fetch(`${url}${path}`, { method })
  expect(response.status).toBe(status)
  expect(response.headers.get('x-lpr-error')).toBe(code)
  expect(response.headers.get('content-type')).toBe('application/problem+json')
  expect(Object.fromEntries(response.headers)).toMatchObject(headers)
  const requestId = response.headers.get('x-lpr-request-id')
  expect(await response.json()).toEqual({
    type: `urn:lpr:error:${code}`,
    title: expect.any(String),
    status,
    code,
    requestId,
  })
  expect(events).toEqual([])
})

test('HEAD is answered by GET, without a body and with its length', async () => {
  const { port } = await start()
  const answer = await raw(port, 'HEAD /items/1 HTTP/1.1\r\nHost: h\r\nConnection: close\r\n\r\n')
  expect(answer).toMatch(/^HTTP\/1\.1 200 OK\r\n/)
  expect(answer).toMatch(/content-length: \d{3}\r\n/)
  expect(answer.endsWith('\r\n\r\n')).toBe(true)
  expect(started?.events[0]?.batch[0]?.requestContext.http.method).toBe('HEAD')
})

test.each([1, 4094, 4095, 4096, 65_534, 65_536, 1_048_575])(
  'a body of %i bytes reaches the function as it is',
  async (bytes) => {
    const { url, events } = await start()
    const body = 'text '.repeat(bytes / 5 + 1).slice(0, bytes)
    const response = await fetch(`${url}/items/1`, { method: 'POST', body })
    expect(response.status).toBe(200)
    expect(events[0]?.batch[0]?.body === body).toBe(true)
  },
)

test('a body over the cap is refused, declared or not, and the connection is closed', async () => {
  const { port, events } = await start({ config: { MaxBodyBytes: 10 } })
  const declared = 'POST /items/1 HTTP/1.1\r\nHost: h\r\nContent-Length: 11\r\n\r\n'
  const chunked = `POST /items/1 HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\nb\r\n${'x'.repeat(11)}\r\n0\r\n\r\n`
  for (const request of [declared, chunked]) {
    const answer = await raw(port, request, { halfClose: true })
    expect(answer).toMatch(/^HTTP\/1\.1 413 .*x-lpr-error: body_too_large.*connection: close/is)
  }
  expect(events).toEqual([])
})

test('Expect: 100-continue is answered before the body is read, and a refusal saves the upload', async () => {
  const { port } = await start({ config: { MaxBodyBytes: 10 } })
  const head = 'POST /items/1 HTTP/1.1\r\nHost: h\r\nExpect: 100-continue\r\nConnection: close\r\n'
  const taken = await raw(port, `${head}Content-Length: 2\r\n\r\nok`)
  expect(taken).toMatch(/^HTTP\/1\.1 100 Continue\r\n\r\nHTTP\/1\.1 200 OK/)
  const refused = await raw(port, `${head}Content-Length: 99\r\n\r\n`, { halfClose: true })
  expect(refused).toMatch(/^HTTP\/1\.1 413 /)
})

test('a slow upload ends as request_read_timeout', async () => {
  const { port } = await start({ config: { RequestReadTimeoutMs: 50 } })
  const answer = await raw(port, 'POST /items/1 HTTP/1.1\r\nHost: h\r\nContent-Length: 5\r\n\r\nabc')
  expect(answer).toMatch(/^HTTP\/1\.1 408 .*x-lpr-error: request_read_timeout/is)
})

test('a request without an answer in time ends as timeout, and its invocation is aborted', async () => {
  let aborted = false
  const { url, router } = await start({
    lpr: { timeoutMs: 50 },
    answer: (_event, { signal }) =>
      new Promise((_resolve, reject) => {
        signal.addEventListener('abort', () => {
          aborted = true
          reject(new Error('aborted'))
        })
      }),
  })
  const response = await fetch(`${url}/items/1`)
  expect([response.status, response.headers.get('x-lpr-error')]).toEqual([504, 'timeout'])
  expect(aborted).toBe(true)
  await until(() => router.figures.inflightInvocations === 0)
})

test('beyond MaxInflightRequests a request is refused with Retry-After', async () => {
  let release: () => void = () => undefined
  const held = new Promise<void>((resolve) => {
    release = resolve
  })
  const answer: typeof echo = async (event, request) => {
    await held
    return echo(event, request)
  }
  const { url, router } = await start({ config: { MaxInflightRequests: 1 }, answer })
  const first = fetch(`${url}/items/1`)
  await until(() => router.figures.inflightRequests === 1)
  const second = await fetch(`${url}/items/2`)
  expect([second.status, second.headers.get('x-lpr-error'), second.headers.get('retry-after')]).toEqual([
    429,
    'too_many_requests',
    '1',
  ])
  release()
  expect((await first).status).toBe(200)
})

test('errors tell the client nothing about the function', async () => {
  const { url } = await start({
    answer: () => {
      throw new Error('arn:aws:lambda:us-east-1:123456789012:function:secret is gone')
    },
  })
  const response = await fetch(`${url}/items/1`)
  expect(response.headers.get('x-lpr-error')).toBe('invoke_failed')
  expect(await response.text()).not.toContain('secret')
})

test('key dimensions are read before headers are filtered', async () => {
  const { url, events } = await start({
    config: { ForwardHeaders: { Deny: ['x-tenant'] } },
    lpr: { maxWaitMs: 20, key: ['header:x-tenant'] },
  })
  const tenants = [{ 'x-tenant': 'a' }, { 'x-tenant': 'b' }, { 'x-tenant': '' }, {}]
  await Promise.all(
    tenants.map((headers) => fetch(`${url}/items/1`, { headers: headers as Record<string, string> })),
  )
  expect(events).toHaveLength(4)
  expect(JSON.stringify(events)).not.toContain('x-tenant')
})

test('a route with tenantId refuses requests without one and never mixes tenants', async () => {
  const tenants: (string | undefined)[] = []
  const { url } = await start({
    lpr: { maxWaitMs: 20, tenantId: 'header:x-tenant' },
    answer: (event, request) => {
      tenants.push(request.tenantId)
      return echo(event, request)
    },
  })
  expect((await fetch(`${url}/items/1`)).status).toBe(400)
  await Promise.all(
    ['a', 'b', 'a'].map((tenant) => fetch(`${url}/items/1`, { headers: { 'x-tenant': tenant } })),
  )
  expect(tenants.sort()).toEqual(['a', 'b'])
})

test('a client that leaves before the flush is never invoked', async () => {
  const { url, events, router } = await start({ lpr: { maxWaitMs: 1000, timeoutMs: 2000, maxBatchSize: 2 } })
  const leaving = new AbortController()
  const gone = fetch(`${url}/items/gone`, { signal: leaving.signal }).catch(() => 'gone')
  await until(() => router.figures.inflightRequests === 1)
  leaving.abort()
  await gone
  await until(() => router.figures.inflightRequests === 0)
  await Promise.all([fetch(`${url}/items/1`), fetch(`${url}/items/2`)])
  expect(events.map(({ batch }) => batch.length)).toEqual([2])
})

test('health checks answer GET and HEAD, and nothing else', async () => {
  const { url } = await start()
  expect(await (await fetch(`${url}/healthz`)).text()).toBe('ok')
  expect((await fetch(`${url}/readyz`, { method: 'HEAD' })).status).toBe(200)
  const post = await fetch(`${url}/healthz`, { method: 'POST' })
  expect([post.status, post.headers.get('allow')]).toEqual([405, 'GET, HEAD'])
})

test('while draining, readiness fails at once, requests are served and connections closed', async () => {
  const { url, router } = await start({ config: { ShutdownDelayMs: 200 } })
  const stopped = router.stop()
  expect((await fetch(`${url}/readyz`)).status).toBe(503)
  const response = await fetch(`${url}/items/1`)
  expect([response.status, response.headers.get('connection')]).toEqual([200, 'close'])
  await stopped
})

test('at ShutdownTimeoutMs what is left is answered with 503 and its invocation aborted', async () => {
  let aborted = false
  const { url, router } = await start({
    config: { ShutdownTimeoutMs: 50 },
    lpr: { timeoutMs: 60_000 },
    answer: (_event, { signal }) =>
      new Promise((_resolve, reject) => {
        signal.addEventListener('abort', () => {
          aborted = true
          reject(new Error('aborted'))
        })
      }),
  })
  const pending = fetch(`${url}/items/1`)
  await until(() => router.figures.inflightInvocations === 1)
  await router.stop()
  expect((await pending).headers.get('x-lpr-error')).toBe('shutting_down')
  expect(aborted).toBe(true)
})

test('a record for a request that has its answer changes nothing', async () => {
  const { url, ended } = await start({
    answer: (event) =>
      buffered(
        event.batch.flatMap((item) =>
          ['first', 'second'].map((body) => ({ ...id(item), statusCode: 200, body })),
        ),
      ),
  })
  expect(await (await fetch(`${url}/items/1`)).text()).toBe('first')
  await until(() => ended.length === 1)
  expect(ended).toMatchObject([{ status: 200, outcome: 'sent', routeKey: 'GET /items/{id}' }])
})

async function json(
  response: Response,
): Promise<{ pathParameters: { id: string }; requestContext: { requestId: string } }> {
  return (await response.json()) as Awaited<ReturnType<typeof json>>
}
