import { createServer, type IncomingMessage, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'

/** One request that a test server got. */
export interface Received {
  method: string
  url: string
  headers: IncomingMessage['headers']
  body: string
}

export interface TestServer {
  url: string
  received: Received[]
  /** Decides the status of each answer; 200 unless set. Undefined: no answer at all, the connection is dropped. */
  answer: (request: Received) => number | undefined
  close(): Promise<void>
}

/** An HTTP server on this machine that keeps what it gets. */
export async function startServer(
  make: (handler: Parameters<typeof createServer>[1]) => Server = createServer,
) {
  const result: TestServer = { url: '', received: [], answer: () => 200, close: async () => undefined }
  const server = make(async (request, response) => {
    const chunks: Buffer[] = []
    for await (const chunk of request) chunks.push(chunk as Buffer)
    const { method = '', url = '', headers } = request
    const received = { method, url, headers, body: Buffer.concat(chunks).toString() }
    result.received.push(received)
    const status = result.answer(received)
    if (status === undefined) request.socket.destroy()
    else response.writeHead(status).end()
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  result.url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  result.close = async () => {
    server.closeAllConnections()
    await new Promise((resolve) => server.close(resolve))
  }
  return result
}
