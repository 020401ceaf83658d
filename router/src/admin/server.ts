import { createServer, type Server } from 'node:http'

/** What `/status` tells: figures of this moment, for people and scripts. */
export interface Status {
  version: string
  configSha256: string | undefined
  state: string
  uptimeSeconds: number
  inflightRequests: number
  inflightInvocations: number
  pendingInvocations: number
  batchKeys: number
  routes: {
    routeKey: string
    functionName: string
    invokeMode: string
    maxWaitMs: number
    maxBatchSize: number
  }[]
}

/** The admin server, on an address of its own, so that nothing of it can be reached through the public port. */
export function createAdminServer(status: () => Status): Server {
  return createServer((request, response) => {
    const path = request.url?.split('?', 1)[0]
    const known = path === '/status'
    const allowed = request.method === 'GET' || request.method === 'HEAD'
    const body =
      known && allowed ? JSON.stringify(status(), undefined, 2) : known ? 'method not allowed' : 'not found'
    const type = known && allowed ? 'application/json' : 'text/plain; charset=utf-8'
    response.writeHead(known ? (allowed ? 200 : 405) : 404, {
      'content-type': type,
      'cache-control': 'no-store',
      ...(known && !allowed ? { allow: 'GET, HEAD' } : {}),
    })
    response.end(request.method === 'HEAD' ? undefined : body)
  })
}
