import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'

/** Answers GET and HEAD of one path of the admin server. */
export type AdminPage = (request: IncomingMessage, response: ServerResponse) => void | Promise<void>

/** Pages by path, query not included. */
export type AdminPages = Record<string, AdminPage>

/** The admin server, on an address of its own, so that nothing of it can be reached through the public port. */
export function createAdminServer(pages: AdminPages): Server {
  const byPath = new Map(Object.entries(pages))
  return createServer((request, response) => {
    const page = byPath.get(request.url?.split('?', 1)[0] ?? '')
    if (page === undefined) return refuse(response, 404, 'not found')
    if (request.method !== 'GET' && request.method !== 'HEAD') {
      response.setHeader('allow', 'GET, HEAD')
      return refuse(response, 405, 'method not allowed')
    }
    serve(page, request, response)
  })
}

/** A page whose text is made anew for each request. */
export function textPage(contentType: string, text: () => string | Promise<string>): AdminPage {
  return async (request, response) => {
    const body = await text()
    response.writeHead(200, { 'content-type': contentType, 'cache-control': 'no-store' })
    response.end(request.method === 'HEAD' ? undefined : body)
  }
}

/** A page that fails must not take the router with it. */
function serve(page: AdminPage, request: IncomingMessage, response: ServerResponse): void {
  Promise.resolve()
    .then(() => page(request, response))
    .catch((error: unknown) => {
      if (response.headersSent) response.destroy()
      else refuse(response, 500, error instanceof Error ? error.message : String(error))
    })
}

function refuse(response: ServerResponse, status: number, text: string): void {
  response.writeHead(status, { 'content-type': 'text/plain; charset=utf-8', 'cache-control': 'no-store' })
  response.end(text)
}
