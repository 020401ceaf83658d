import { createServer, type RequestListener, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { planRoutes, type RoutePlan } from './plan.ts'
import { probeRoute } from './probe.ts'
import { reportRoute, reportText } from './report.ts'

let server: Server
afterEach(() => {
  server.closeAllConnections()
  server.close()
})

async function serve(listener: RequestListener): Promise<string> {
  server = createServer(listener)
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening))
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`
}

function plan(more: Partial<RoutePlan['route']> = {}): RoutePlan {
  const [first] = planRoutes([
    {
      method: 'GET',
      path: '/a',
      functionName: 'fn',
      invokeMode: 'buffered',
      maxWaitMs: 25,
      maxBatchSize: 2,
      timeoutMs: 2000,
      wait: 'fixed',
      key: [],
      exampleQuery: [],
      ...more,
    },
  ])
  if (first === undefined) throw new Error('no plan')
  return first
}

async function problems(
  listener: RequestListener,
  more: Partial<RoutePlan['route']> = {},
): Promise<string[]> {
  const baseUrl = await serve(listener)
  return reportRoute(plan(more), await probeRoute(plan(more), { baseUrl })).problems
}

const BATCHED = { 'x-lpr-batch-size': '2', 'x-lpr-batch-wait-ms': '3' }

test('all requests of a route are in flight together', async () => {
  let waiting: (() => void)[] = []
  const found = await problems((_, response) => {
    waiting.push(() => response.writeHead(200, BATCHED).end('ok'))
    if (waiting.length < 4) return
    for (const answer of waiting) answer()
    waiting = []
  })
  expect(found).toEqual([])
})

test('the report counts statuses, batches and waits', async () => {
  const baseUrl = await serve((_, response) => response.writeHead(201, BATCHED).end('ok'))
  const report = reportRoute(plan(), await probeRoute(plan(), { baseUrl }))
  expect(report).toMatchObject({
    requests: 4,
    statuses: { 201: 4 },
    batchSize: 2,
    medianWaitMs: 3,
    problems: [],
  })
  expect(report).not.toHaveProperty('chunks')
})

test('an answer of the function below 500 is right, whatever it says', async () => {
  expect(await problems((_, response) => response.writeHead(404, BATCHED).end())).toEqual([])
})

test('an answer that the router made is wrong', async () => {
  const headers = { ...BATCHED, 'x-lpr-error': 'route_not_found' }
  expect(await problems((_, response) => response.writeHead(404, headers).end())).toEqual([
    'the router answered 404 route_not_found (4 times)',
  ])
})

test('an answer of 500 and above is wrong', async () => {
  expect(await problems((_, response) => response.writeHead(500, BATCHED).end())).toEqual([
    'the function answered 500, expected 200 to 499 (4 times)',
  ])
})

test('a body that is cut short is wrong, though its status was good', async () => {
  const found = await problems((_, response) => {
    response.writeHead(200, BATCHED)
    response.write('half', () => response.destroy())
  })
  expect(found).toEqual([expect.stringMatching(/^the body was cut short.*\(4 times\)$/)])
})

test('a connection that is refused is wrong', async () => {
  const baseUrl = await serve(() => {})
  await new Promise((closed) => server.close(closed))
  const report = reportRoute(plan(), await probeRoute(plan(), { baseUrl }))
  expect(report.problems).toEqual([expect.stringMatching(/ECONNREFUSED.*\(4 times\)/)])
})

test('a route that never batches is wrong, unless it cannot', async () => {
  const alone: RequestListener = (_, response) => response.writeHead(200, { 'x-lpr-batch-size': '1' }).end()
  expect(await problems(alone)).toEqual(['no batch of more than one formed, expected up to 2'])
  server.close()
  expect(await problems(alone, { maxWaitMs: 0 })).toEqual([])
})

test('chunks of an event stream are counted as they were sent, though they arrive together', async () => {
  const bodies = ['data: 1\n\n', 'data: 2\n\n', 'data: 3\n\n', ': only a comment\n\n']
  const head = [
    'HTTP/1.1 200 OK',
    'content-type: text/event-stream',
    'x-lpr-batch-size: 2',
    'transfer-encoding: chunked',
  ]
  const chunks = bodies.map((body) => `${body.length.toString(16)}\r\n${body}\r\n`)
  // Past the server's own framing, which joins chunks as it sees fit.
  const baseUrl = await serve((_, { socket }) => {
    socket?.end(`${head.join('\r\n')}\r\nconnection: close\r\n\r\n${chunks.join('')}0\r\n\r\n`)
  })
  const streaming = plan({ invokeMode: 'response_stream' })
  const report = reportRoute(streaming, await probeRoute(streaming, { baseUrl }))
  expect(report).toMatchObject({ chunks: 4, events: 3, problems: [] })
})

test('an event stream in one chunk is wrong', async () => {
  const headers = { ...BATCHED, 'content-type': 'text/event-stream' }
  const listener: RequestListener = (_, response) =>
    response.writeHead(200, headers).end('data: 1\n\ndata: 2\n\n')
  expect(await problems(listener, { invokeMode: 'response_stream' })).toEqual([
    'an event stream came in one chunk, expected its events one by one',
  ])
})

test('people get one line a route, and what is wrong below', async () => {
  const baseUrl = await serve((_, response) => response.writeHead(500, BATCHED).end())
  const report = reportRoute(plan(), await probeRoute(plan(), { baseUrl }))
  const [header, row, problem] = reportText([{ ...report, medianMs: 7 }]).split('\n')
  expect(header).toMatch(/^ROUTE +MODE +REQUESTS +STATUS +BATCH/)
  expect(row).toMatch(/^GET \/a +buffered +4 +500 +2 +3 +7 +- +- +- +FAILED$/)
  expect(problem).toBe('GET /a: the function answered 500, expected 200 to 499 (4 times)')
})
