import type { RouteInfo } from '../stack/routes.ts'
import { planRoutes } from './plan.ts'

function route(more: Partial<RouteInfo>): RouteInfo {
  return {
    method: 'GET',
    path: '/a',
    functionName: 'fn',
    invokeMode: 'buffered',
    maxWaitMs: 25,
    maxBatchSize: 4,
    timeoutMs: 2000,
    wait: 'fixed',
    key: [],
    exampleQuery: [],
    ...more,
  }
}

const plan = (more: Partial<RouteInfo>) => planRoutes([route(more)])[0]

test('a route gets twice as many requests as fit into a batch, up to a limit', () => {
  expect(plan({})).toMatchObject({ requests: 8, batches: true })
  expect(plan({ maxBatchSize: 1000 })).toMatchObject({ requests: 64 })
})

test('no batch is expected where none can form', () => {
  expect(plan({ maxBatchSize: 1 })?.batches).toBe(false)
  expect(plan({ maxWaitMs: 0 })?.batches).toBe(false)
})

test('path parameters are filled in, greedy ones too', () => {
  expect(plan({ path: '/a/{x}/b/{rest+}' })?.target).toBe('/a/hello/b/hello')
})

test('query examples of the operation are used', () => {
  expect(plan({ exampleQuery: [['max-delay', '60']] })?.target).toBe('/a?max-delay=60')
})

test('a filled path does not end up on a static route of the same spelling', () => {
  const plans = planRoutes([route({ path: '/a/{x}' }), route({ path: '/a/hello' })])
  expect(plans.map(({ target }) => target)).toEqual(['/a/hello-1', '/a/hello'])
})

test('every key dimension gets one value, so that requests share a batch', () => {
  const key: RouteInfo['key'] = [
    { kind: 'header', name: 'x-tenant-id' },
    { kind: 'query', name: 'q' },
    { kind: 'cookie', name: 'c' },
    { kind: 'sourceIp', name: '' },
  ]
  expect(plan({ key })).toMatchObject({
    target: '/a?q=hello',
    headers: { 'x-tenant-id': 'hello', cookie: 'c=hello' },
  })
})

test.each(['POST', 'PUT', 'PATCH'])('%s carries a small JSON body', (method) => {
  expect(plan({ method })).toMatchObject({
    body: '{"greeting":"hello"}',
    headers: { 'content-type': 'application/json' },
  })
})

test.each(['GET', 'HEAD', 'DELETE', 'OPTIONS'])('%s carries no body', (method) => {
  expect(plan({ method })).not.toHaveProperty('body')
})
