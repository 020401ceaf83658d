import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { idleClients } from './clients.ts'
import { closedLoop } from './closed-loop.ts'
import { openLoop } from './open-loop.ts'
import { buildRequests } from './requests.ts'

let server: Server
let port: number
let onRequest: (url: string, body: string) => number

beforeEach(async () => {
  onRequest = () => 200
  server = createServer((request, response) => {
    const parts: Buffer[] = []
    request.on('data', (part: Buffer) => parts.push(part))
    request.on('end', () => {
      response.statusCode = onRequest(`${request.method} ${request.url}`, Buffer.concat(parts).toString())
      if (response.statusCode === 500) request.socket.destroy()
      else response.end('answer')
    })
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  port = (server.address() as AddressInfo).port
})

afterEach(() => {
  server.closeAllConnections()
  server.close()
})

test('an open loop sends every arrival once, to routes in turn', async () => {
  const seen: string[] = []
  onRequest = (url, body) => {
    seen.push(`${url} ${body.length}`)
    return 200
  }
  const requests = buildRequests({ bodyBytes: 3, routes: 2, keys: 1 }, port)
  const arrivals = Float64Array.of(0, 1, 2, 3)
  const result = await openLoop({
    port,
    requests,
    arrivals,
    connections: 1,
    maxConnections: 8,
    maxWaitMs: 0,
  })
  expect(result).toMatchObject({ sent: 4, ok: 4, failed: 0 })
  expect(seen.sort()).toEqual(['POST /r0/1000 3', 'POST /r0/1000 3', 'POST /r1/1001 3', 'POST /r1/1001 3'])
})

test('connections that break count as failures and are replaced', async () => {
  let count = 0
  onRequest = () => (count++ % 2 === 0 ? 500 : 200)
  const requests = buildRequests({ bodyBytes: 0, routes: 1, keys: 1 }, port)
  const arrivals = Float64Array.from({ length: 10 }, (_, i) => i * 2)
  const result = await openLoop({
    port,
    requests,
    arrivals,
    connections: 1,
    maxConnections: 4,
    maxWaitMs: 0,
  })
  expect(result.ok + result.failed).toBe(10)
  expect(result.failed).toBeGreaterThan(0)
  expect(result.ok).toBeGreaterThan(0)
})

test('a closed loop keeps each client at one request until the time is over', async () => {
  let under = 0
  let most = 0
  server.on('request', (_request, response) => {
    under += 1
    most = Math.max(most, under)
    response.once('close', () => {
      under -= 1
    })
  })
  const requests = buildRequests({ bodyBytes: 0, routes: 1, keys: 3 }, port)
  const result = await closedLoop({ port, requests, connections: 3, durationMs: 50, maxWaitMs: 0 })
  expect(result.ok).toBe(result.sent)
  expect(result.ok).toBeGreaterThan(3)
  expect(most).toBeLessThanOrEqual(3)
})

test('clients stay connected from one load to the next, and those that are lost are replaced', async () => {
  let opened = 0
  server.on('connection', () => {
    opened += 1
  })
  const requests = buildRequests({ bodyBytes: 0, routes: 1, keys: 1 }, port)
  const load = { port, requests, connections: 3, maxWaitMs: 0 }
  await closedLoop({ ...load, durationMs: 10 })
  await openLoop({ ...load, arrivals: Float64Array.of(0, 1), maxConnections: 3 })
  expect(opened).toBe(3)
  server.closeAllConnections()
  while (idleClients(port) > 0) await new Promise((resolve) => setImmediate(resolve))
  const result = await closedLoop({ ...load, durationMs: 10 })
  expect(result.failed).toBe(0)
  expect(opened).toBe(6)
})
