import { request as httpRequest } from 'node:http'
import { connect } from 'node:net'
import { ManualClock } from '@lpr/test-kit'
import { createLogger } from '../src/telemetry/log.ts'
import { buffered, echo, id, startRouter, stream, until } from './harness.ts'

let started: Awaited<ReturnType<typeof startRouter>> | undefined

async function start(...options: Parameters<typeof startRouter>) {
  started = await startRouter(...options)
  return started
}

afterEach(async () => {
  await started?.stop()
  started = undefined
})

/** A function that answers only when told to. */
function held() {
  const waiting: (() => void)[] = []
  const answer: typeof echo = async (event, request) => {
    await new Promise<void>((resolve) => waiting.push(resolve))
    return echo(event, request)
  }
  const release = (): void => {
    for (const resolve of waiting.splice(0)) resolve()
  }
  return { answer, release, waiting }
}

test.each([
  ['MaxQueueDepthPerKey', { config: { MaxQueueDepthPerKey: 1, MaxInflightInvocations: 1 } }],
  ['maxQueueDepth', { config: { MaxInflightInvocations: 1 }, lpr: { maxQueueDepth: 1 } }],
])('beyond %s a request of the key is refused with queue_full', async (_, options) => {
  const { answer, release } = held()
  const { url, router } = await start({ ...options, answer })
  const first = fetch(`${url}/items/1`)
  await until(() => router.figures.inflightInvocations === 1)
  const second = fetch(`${url}/items/2`)
  await until(() => router.figures.pendingInvocations === 1)
  const third = await fetch(`${url}/items/3`)
  expect([third.status, third.headers.get('x-lpr-error'), third.headers.get('retry-after')]).toEqual([
    429,
    'queue_full',
    '1',
  ])
  release()
  await first
  release()
  expect((await second).status).toBe(200)
})

test('beyond MaxPendingInvocations a request is refused with router_overloaded', async () => {
  const { answer, release } = held()
  const { url, router } = await start({
    config: { MaxPendingInvocations: 1, MaxInflightInvocations: 1 },
    lpr: { maxBatchSize: 1 },
    answer,
  })
  const first = fetch(`${url}/items/1`)
  await until(() => router.figures.inflightInvocations === 1)
  const second = fetch(`${url}/items/2`)
  await until(() => router.figures.pendingInvocations === 1)
  const third = await fetch(`${url}/items/3`)
  expect([third.status, third.headers.get('x-lpr-error')]).toEqual([429, 'router_overloaded'])
  release()
  await first
  release()
  await second
})

test('beyond MaxBatchKeysPerRoute a new key is invoked alone; after IdleTtlMs a dynamic key is forgotten', async () => {
  const dynamicWait = { minWaitMs: 100, samplingIntervalMs: 10 }
  const { url, events, router } = await start({
    config: { MaxBatchKeysPerRoute: 1, IdleTtlMs: 400 },
    lpr: { maxWaitMs: 100, key: ['header:x'], dynamicWait },
  })
  const ask = (x: string) => fetch(`${url}/items/1`, { headers: { x } })
  const first = ask('a')
  await until(() => router.figures.batchKeys === 1)
  await ask('b')
  expect(events.map(({ meta }) => meta.flushReason)).toEqual(['immediate'])
  await first
  expect(router.figures.batchKeys).toBe(1)
  await until(() => router.figures.batchKeys === 0)
})

test('DefaultKey keeps tenants apart on routes without a key of their own', async () => {
  const { url, events } = await start({
    config: { DefaultKey: ['header:x-tenant-id'] },
    lpr: { maxWaitMs: 10_000, maxBatchSize: 2, timeoutMs: 20_000 },
  })
  await Promise.all(
    ['a', 'b', 'a', 'b'].map((tenant) => fetch(`${url}/items/1`, { headers: { 'x-tenant-id': tenant } })),
  )
  const tenants = events.map(({ batch }) => batch.map(({ headers }) => headers['x-tenant-id']))
  expect(tenants.sort()).toEqual([
    ['a', 'a'],
    ['b', 'b'],
  ])
})

test('maxBodyBytes of a route wins over MaxBodyBytes', async () => {
  const { url } = await start({ config: { MaxBodyBytes: 1 }, lpr: { maxBodyBytes: 5 } })
  expect((await fetch(`${url}/items/1`, { method: 'POST', body: '12345' })).status).toBe(200)
  expect((await fetch(`${url}/items/1`, { method: 'POST', body: '123456' })).headers.get('x-lpr-error')).toBe(
    'body_too_large',
  )
})

test('an item over MaxInvokePayloadBytes is refused, whatever its body was as bytes', async () => {
  const { url, events } = await start({ config: { MaxInvokePayloadBytes: 2000 } })
  const response = await fetch(`${url}/items/1`, { method: 'POST', body: '\u0001'.repeat(400) })
  expect([response.status, response.headers.get('x-lpr-error')]).toEqual([413, 'body_too_large'])
  expect(events).toEqual([])
})

test.each([
  ['1.0', { version: '1.0', httpMethod: 'GET', multiValueHeaders: { 'x-a': ['1', '2'] } }],
  ['alb', { httpMethod: 'GET', multiValueHeaders: { 'x-a': ['1', '2'] } }],
  ['2.0', { version: '2.0', headers: { 'x-a': '1,2' } }],
])('payloadFormatVersion %s makes its event', async (payloadFormatVersion, expected) => {
  const { port, events } = await start({ lpr: { payloadFormatVersion } })
  await new Promise((resolve) => {
    httpRequest({ port, path: '/items/1', headers: { 'x-a': ['1', '2'] } }, (response) =>
      response.resume().on('end', resolve),
    ).end()
  })
  expect(events[0]?.batch).toMatchObject([expected])
})

test('TrustedProxyHops decides whose word counts for sourceIp', async () => {
  const { url, events } = await start({ config: { TrustedProxyHops: 1 } })
  await fetch(`${url}/items/1`, { headers: { 'x-forwarded-for': '6.6.6.6, 2.2.2.2' } })
  expect(events[0]?.batch).toMatchObject([{ requestContext: { http: { sourceIp: '2.2.2.2' } } }])
})

test('KeepAliveTimeoutMs is what connections are promised and given', async () => {
  const { port } = await start({ config: { KeepAliveTimeoutMs: 3000 } })
  const header = await new Promise((resolve) => {
    const options = { port, path: '/healthz', headers: { connection: 'keep-alive' } }
    httpRequest(options, (response) => resolve(response.resume().headers['keep-alive'])).end()
  })
  expect(header).toBe('timeout=3')
})

test('AdminListenAddr serves /status on an address of its own, and nothing of it on the public one', async () => {
  const { url, router } = await start({ config: { AdminListenAddr: '127.0.0.1:0' } })
  const admin = `http://127.0.0.1:${router.adminAddress?.port}`
  const status = await (await fetch(`${admin}/status`)).json()
  expect(status).toMatchObject({
    state: 'serving',
    inflightRequests: 0,
    routes: [{ routeKey: 'GET /items/{id}', queueDepth: 0, inflightInvocations: 0 }, {}],
    openBatches: [],
  })
  expect((await fetch(`${admin}/nope`)).status).toBe(404)
  expect((await fetch(`${admin}/status`, { method: 'POST' })).status).toBe(405)
  expect((await fetch(`${url}/status`)).status).toBe(404)
})

test('/status tells what waits and what runs, by route and batch', async () => {
  const { answer, release } = held()
  const config = { AdminListenAddr: '127.0.0.1:0', MaxInflightInvocations: 1 }
  const { url, router } = await start({ config, lpr: { maxBatchSize: 2, maxWaitMs: 0 }, answer })
  const first = fetch(`${url}/items/1`)
  await until(() => router.figures.inflightInvocations === 1)
  const second = fetch(`${url}/items/2`)
  await until(() => router.figures.pendingInvocations === 1)
  const status = await (await fetch(`http://127.0.0.1:${router.adminAddress?.port}/status`)).json()
  expect(status).toMatchObject({
    inflightRequests: 2,
    routes: [
      { batchKeys: 1, queueDepth: 1, pendingInvocations: 1, inflightInvocations: 1 },
      { queueDepth: 0 },
    ],
    openBatches: [{ routeKey: 'GET /items/{id}', state: 'pending', size: 1 }],
  })
  release()
  await first
  release()
  await second
})

test('LogLevel sets the level of the log, LPR_LOG_LEVEL wins over it', () => {
  expect(createLogger('warn', {}).level).toBe('warn')
  expect(createLogger('warn', { LPR_LOG_LEVEL: 'debug' }).level).toBe('debug')
  expect(createLogger('warn', { LPR_LOG_LEVEL: 'nonsense' }).level).toBe('warn')
})

test('each client of a stream sees its own response only', async () => {
  const { url } = await start({
    lpr: { invokeMode: 'response_stream', maxWaitMs: 20 },
    answer: (event) =>
      buffered(event.batch.map((item) => ({ ...id(item), statusCode: 200, body: id(item).id }))),
  })
  const answers = await Promise.all([1, 2, 3].map((n) => fetch(`${url}/items/${n}`)))
  for (const answer of answers) expect(await answer.text()).toBe(answer.headers.get('x-lpr-request-id'))
})

test('timeoutMs ends with the head: a stream that goes on longer is not cut', async () => {
  let finish: () => void = () => undefined
  const finished = new Promise<void>((resolve) => {
    finish = resolve
  })
  const clock = new ManualClock()
  const { url } = await start({
    clock,
    lpr: { invokeMode: 'response_stream', maxBatchSize: 1, timeoutMs: 100 },
    answer: (event) =>
      stream(
        (async function* () {
          const [item] = event.batch
          const record = { v: 1, ...(item === undefined ? {} : id(item)) }
          yield { ...record, type: 'head', statusCode: 200 }
          yield { ...record, type: 'chunk', body: 'first,' }
          await finished
          yield { ...record, type: 'chunk', body: 'last' }
          yield { ...record, type: 'end' }
        })(),
      ),
  })
  const response = await fetch(`${url}/items/1`)
  clock.advance(10_000)
  finish()
  expect(await response.text()).toBe('first,last')
})

test('a client that stops reading a finished response is reset after StreamIdleTimeoutMs and keeps no place', async () => {
  const { port, router, ended } = await start({
    config: { StreamIdleTimeoutMs: 300 },
    answer: (event) =>
      buffered(event.batch.map((item) => ({ ...id(item), statusCode: 200, body: 'x'.repeat(20_000_000) }))),
  })
  const socket = connect(port, '127.0.0.1')
  socket.on('error', () => undefined).pause()
  socket.write('GET /items/1 HTTP/1.1\r\nHost: h\r\n\r\n')
  await until(() => router.figures.inflightRequests === 1)
  await until(() => router.figures.inflightRequests === 0)
  socket.destroy()
  expect(ended).toMatchObject([{ outcome: 'reset', status: 200 }])
})
