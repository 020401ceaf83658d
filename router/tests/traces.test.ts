import { readFileSync } from 'node:fs'
import {
  answerEnvelope,
  type Behaviour,
  type Call,
  chunk,
  head,
  lines,
  type Outcome,
  type ReceivedSpan,
  whole,
} from '@lpr/test-kit'
import { type TracedOptions, TracedRig } from './traced-rig.ts'

let traced: TracedRig | undefined

afterEach(async () => {
  await traced?.finish()
  traced = undefined
})

async function start(options: TracedOptions): Promise<TracedRig> {
  traced = await TracedRig.start(options)
  return traced
}

/** All spans; each attribute and event of theirs has to be in docs/observability.md. */
async function spansOf(rig: TracedRig): Promise<ReceivedSpan[]> {
  await rig.quiet()
  traced = undefined
  const spans = await rig.finish()
  const names = spans.flatMap(({ attributes, events }) => [
    ...Object.keys(attributes),
    ...events.map(({ name }) => name),
  ])
  expect(names.filter((name) => !DOCUMENTED.includes(`\`${name}\``))).toEqual([])
  return spans
}

const DOCUMENTED = readFileSync(new URL('../../docs/observability.md', import.meta.url), 'utf8')

const PARENT = { traceId: '0af7651916cd43dd8448eb211c80319c', spanId: 'b7ad6b7169203331' }

/** By the last part of the path: what the function makes of an item. */
const RECORDS: Record<string, (item: Parameters<typeof whole>[0]) => unknown> = {
  broken: (item) => whole(item, { statusCode: 500 }),
  unusable: (item) => whole(item, { statusCode: 'x' }),
  absent: (item) => whole(item, { statusCode: 404 }),
  forgotten: () => undefined,
}

const mixed: Behaviour = answerEnvelope((item) => (RECORDS[item.rawPath.split('/')[2] ?? ''] ?? whole)(item))

describe('a batch of 8 with mixed outcomes', () => {
  const PATHS = ['fine', 'child', 'broken', 'unusable', 'absent', 'forgotten', 'x?token=secret', 'last']
  let call: Call
  let outcomes: Outcome[]
  let servers: ReceivedSpan[]
  let clients: ReceivedSpan[]

  beforeAll(async () => {
    const rig = await start({ lpr: { maxBatchSize: 8 } })
    rig.rig.lambda.next(mixed)
    const traceparent = (path: string): string =>
      path === 'child' ? `00-${PARENT.traceId}-${PARENT.spanId}-01` : 'none'
    outcomes = await rig.rig.send(
      ...PATHS.map((path) => ({ path: `/b/${path}`, headers: { traceparent: traceparent(path) } })),
    )
    call = await rig.rig.lambda.call(1)
    const spans = await spansOf(rig)
    servers = spans.filter(({ kind }) => kind === 'SERVER')
    clients = spans.filter(({ kind }) => kind === 'CLIENT')
    expect(spans.length).toBe(servers.length + clients.length)
  })

  const idsOf = ({ traceId, spanId }: { traceId: string; spanId: string }): object => ({ traceId, spanId })
  const byPath = (path: string) => servers.find(({ attributes }) => attributes['url.path'] === `/b/${path}`)
  const xray = (span: ReceivedSpan | undefined): string =>
    `Root=1-${span?.traceId.slice(0, 8)}-${span?.traceId.slice(8)};Parent=${span?.spanId};Sampled=1`

  test('the invocation is one span, a root of its own with a link to every request', () => {
    expect(clients).toMatchObject([
      {
        name: 'invoke b',
        parentSpanId: '',
        status: { code: 'UNSET' },
        attributes: {
          'faas.invoked_name': 'b',
          'rpc.method': 'Invoke',
          'lpr.batch.size': 8,
          'lpr.batch.wait_ms': 0,
          'lpr.flush_reason': 'size',
          'lpr.invoke.mode': 'buffered',
          'lpr.invoke.attempt': 1,
          'http.route': '/b/{id}',
        },
        resource: { 'service.name': 'lpr-router', 'service.version': expect.any(String) },
      },
    ])
    expect(clients[0]?.links).toEqual(expect.arrayContaining(servers.map(idsOf)))
    expect(clients[0]?.links.length).toBe(8)
    expect(servers.map(({ traceId }) => traceId)).not.toContain(clients[0]?.traceId)
  })

  test('each request is one span that says how it travelled, and links to the invocation', () => {
    expect(servers.length).toBe(8)
    const [invocation] = clients
    if (invocation === undefined) throw new Error('no invocation')
    for (const server of servers) {
      expect(server).toMatchObject({
        name: 'GET /b/{id}',
        attributes: {
          'http.request.method': 'GET',
          'http.route': '/b/{id}',
          'network.protocol.version': '1.1',
          'server.address': expect.any(String),
          'lpr.batch.id': invocation.attributes['lpr.batch.id'],
          'lpr.batch.size': 8,
          'lpr.batch.wait_ms': 0,
          'lpr.flush_reason': 'size',
          'lpr.invoke.mode': 'buffered',
        },
        links: [idsOf(invocation)],
      })
      // Its last byte went out after the invocation had begun.
      expect(server.endNs >= invocation.startNs).toBe(true)
    }
    const told = outcomes.map(({ headers }) => headers.get('x-lpr-request-id')?.[0])
    expect(servers.map(({ attributes }) => attributes['lpr.request.id']).sort()).toEqual(told.sort())
  })

  test('a request that came with a context continues it, any other begins a trace', () => {
    expect(byPath('child')).toMatchObject({ traceId: PARENT.traceId, parentSpanId: PARENT.spanId })
    expect(byPath('fine')?.parentSpanId).toBe('')
    expect(new Set(servers.map(({ traceId }) => traceId)).size).toBe(8)
  })

  test('each request ends with a status of its own', () => {
    const ends = PATHS.map((path) => {
      const { attributes, status } = byPath(path.replace(/\?.*/, '')) ?? {}
      return [path, attributes?.['http.response.status_code'], attributes?.['error.type'], status?.code]
    })
    expect(ends).toEqual([
      ['fine', 200, undefined, 'UNSET'],
      ['child', 200, undefined, 'UNSET'],
      ['broken', 500, '500', 'ERROR'],
      ['unusable', 502, 'invalid_function_response', 'ERROR'],
      ['absent', 404, undefined, 'UNSET'],
      ['forgotten', 502, 'missing_function_response', 'ERROR'],
      ['x?token=secret', 200, undefined, 'UNSET'],
      ['last', 200, undefined, 'UNSET'],
    ])
    expect(byPath('unusable')?.events).toMatchObject([
      { name: 'exception', attributes: { 'exception.message': expect.stringContaining('statusCode') } },
    ])
  })

  test('queries are redacted', () => {
    expect(byPath('x')?.attributes['url.query']).toBe('REDACTED')
    expect(JSON.stringify(servers.map(({ attributes }) => attributes))).not.toContain('secret')
  })

  test('the function gets the context of each request with its item, and that of the invocation with the call', () => {
    expect(call.traceHeader).toBe(xray(clients[0]))
    expect(call.items.length).toBe(8)
    for (const { rawPath, headers } of call.items) {
      const server = byPath(rawPath.slice(3))
      expect(headers.traceparent).toBe(`00-${server?.traceId}-${server?.spanId}-01`)
      expect(headers['x-amzn-trace-id']).toBe(xray(server))
    }
  })
})

test('a stream that is reset half way: the span lasts until the reset and tells of it', async () => {
  const rig = await start({ lpr: { maxBatchSize: 2 } })
  rig.rig.lambda.next((call) => {
    const [cut, good] = call.items
    if (cut === undefined || good === undefined) throw new Error('two items expected')
    call.send(lines(head(cut), chunk(cut, 'half'), whole(good)))
    // The stream ends in order, without the other half.
    call.complete()
  })
  const outcomes = await rig.rig.send('/s/cut', '/s/good')
  expect(outcomes.map(({ kind }) => kind).sort()).toEqual(['reset', 'response'])
  const spans = await spansOf(rig)
  const reset = spans.find(({ attributes }) => attributes['error.type'] === 'missing_function_response')
  const invocation = spans.find(({ kind }) => kind === 'CLIENT')
  expect(reset).toMatchObject({
    kind: 'SERVER',
    name: 'GET /s/{id}',
    status: { code: 'ERROR' },
    attributes: { 'http.response.status_code': 200, 'lpr.invoke.mode': 'response_stream' },
  })
  expect(reset?.events.map(({ name }) => name)).toEqual(['lpr.response.head', 'lpr.reset', 'exception'])
  expect(invocation).toMatchObject({
    name: 'invoke s',
    attributes: { 'rpc.method': 'InvokeWithResponseStream' },
  })
  expect(spans.filter(({ status }) => status.code === 'ERROR')).toEqual([reset])
})

test('a failed invocation is an error of its own span, and every request in it says why', async () => {
  const rig = await start({ lpr: { maxBatchSize: 2 } })
  rig.rig.lambda.next((call) => call.refuse(429, 'TooManyRequestsException'))
  await rig.rig.send('/b/1', '/b/2')
  const spans = await spansOf(rig)
  const ends = spans.map(({ kind, status, attributes }) => [kind, status.code, attributes['error.type']])
  expect(ends.sort()).toEqual([
    ['CLIENT', 'ERROR', 'throttle'],
    // The semantic conventions leave the status of a 4xx alone.
    ['SERVER', 'UNSET', 'function_throttled'],
    ['SERVER', 'UNSET', 'function_throttled'],
  ])
})

test('with the vendor AWSXRAY trace ids carry the time, and an X-Ray header is continued', async () => {
  const rig = await start({
    lpr: { maxBatchSize: 2 },
    environment: { LPR_OBSERVABILITY_VENDOR: 'AWSXRAY' },
  })
  const before = Math.floor(Date.now() / 1000)
  const continued = 'Root=1-5759e988-bd862e3fe1be46a994272793;Parent=53995c3f42cd8ad8;Sampled=1'
  await rig.rig.send('/b/new', { path: '/b/old', headers: { 'x-amzn-trace-id': continued } })
  const [first] = (await rig.rig.lambda.call(1)).items
  const spans = await spansOf(rig)
  const old = spans.find(({ attributes }) => attributes['url.path'] === '/b/old')
  expect(old).toMatchObject({ traceId: '5759e988bd862e3fe1be46a994272793', parentSpanId: '53995c3f42cd8ad8' })
  for (const { traceId } of spans.filter((span) => span !== old)) {
    const seconds = Number.parseInt(traceId.slice(0, 8), 16)
    expect(seconds >= before && seconds <= Math.floor(Date.now() / 1000)).toBe(true)
  }
  expect(first?.headers['x-amzn-trace-id']).toMatch(
    /^Root=1-[0-9a-f]{8}-[0-9a-f]{24};Parent=[0-9a-f]{16};Sampled=1$/,
  )
})

test('an invocation that is not recorded leaves sampling to the function', async () => {
  const rig = await start({ lpr: { maxBatchSize: 1 }, environment: { OTEL_TRACES_SAMPLER: 'always_off' } })
  await rig.rig.send('/b/1')
  const call = await rig.rig.lambda.call(1)
  expect(call.traceHeader).toBeUndefined()
  expect(call.items[0]?.headers['x-amzn-trace-id']).toMatch(/;Sampled=0$/)
  expect(await spansOf(rig)).toEqual([])
})

test('gRPC carries the same, with the headers of LPR_OTEL_HEADERS_JSON', async () => {
  const rig = await start({
    protocol: 'grpc',
    lpr: { maxBatchSize: 1 },
    environment: { LPR_OTEL_HEADERS_JSON: '{"x-team": "a=b, c%"}' },
  })
  await rig.rig.send('/b/1')
  const { receiver } = rig
  const spans = await spansOf(rig)
  expect(spans.map(({ name }) => name).sort()).toEqual(['GET /b/{id}', 'invoke b'])
  expect(receiver.metrics.map(({ name }) => name)).toContain('http.server.request.duration')
  expect(receiver.headers).not.toEqual([])
  for (const headers of receiver.headers) expect(headers['x-team']).toBe('a=b, c%')
})

test('an invocation is recorded when one of its requests is', async () => {
  const rig = await start({
    lpr: { maxBatchSize: 2 },
    environment: { OTEL_TRACES_SAMPLER: 'parentbased_always_off' },
  })
  const sampled = { traceparent: `00-${PARENT.traceId}-${PARENT.spanId}-01` }
  await rig.rig.send('/b/dark', '/b/dark')
  await rig.rig.send('/b/dark', { path: '/b/seen', headers: sampled })
  const call = await rig.rig.lambda.call(2)
  const spans = await spansOf(rig)
  expect(spans.map(({ name }) => name).sort()).toEqual(['GET /b/{id}', 'invoke b'])
  expect(call.items.map(({ headers }) => headers.traceparent?.slice(-3)).sort()).toEqual(['-00', '-01'])
})

test('what no route takes is named by its method only, unknown methods and probes make no name', async () => {
  const rig = await start({})
  await rig.rig.send('/nowhere/1', { path: '/nowhere/2', method: 'PROPFIND' }, '/healthz')
  const spans = await spansOf(rig)
  expect(spans.map(({ name, attributes }) => [name, attributes['error.type']]).sort()).toEqual([
    ['GET', 'route_not_found'],
    ['HTTP', 'route_not_found'],
  ])
})

test('an absolute target is told by its parts', async () => {
  const rig = await start({ lpr: { maxBatchSize: 1 } })
  await rig.rig.send('http://shop.example:81/b/1?a=b', 'http://shop.example/healthz')
  const servers = (await spansOf(rig)).filter(({ kind }) => kind === 'SERVER')
  expect(servers).toMatchObject([
    { attributes: { 'url.path': '/b/1', 'server.address': 'shop.example', 'server.port': 81 } },
  ])
})

test('TraceUrlQuery allows the query', async () => {
  const rig = await start({ lpr: { maxBatchSize: 1 }, config: { TraceUrlQuery: true } })
  await rig.rig.send('/b/1?a=b')
  expect((await spansOf(rig)).map(({ attributes }) => attributes['url.query'])).toContain('a=b')
})
