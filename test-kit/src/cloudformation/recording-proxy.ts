import { createServer, request as httpRequest, type IncomingHttpHeaders, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'

/** One request that went through a proxy. */
export interface RecordedRequest {
  method: string
  /** Path and query, as sent. */
  url: string
  headers: IncomingHttpHeaders
}

/** Passes HTTP on to another server of this machine, bytes unchanged, and keeps what was asked. */
export class RecordingProxy {
  readonly url: string
  readonly requests: RecordedRequest[] = []
  readonly #server: Server

  private constructor(server: Server, requests: RecordedRequest[]) {
    this.url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
    this.#server = server
    this.requests = requests
  }

  static async start(target: string): Promise<RecordingProxy> {
    const { hostname, port } = new URL(target)
    const requests: RecordedRequest[] = []
    const server = createServer((incoming, outgoing) => {
      const { method = '', url = '', headers } = incoming
      requests.push({ method, url, headers })
      const forwarded = httpRequest({ hostname, port, method, path: url, headers }, (answer) => {
        outgoing.writeHead(answer.statusCode ?? 502, answer.headers)
        answer.pipe(outgoing)
      })
      forwarded.on('error', () => outgoing.destroy())
      outgoing.on('close', () => forwarded.destroy())
      incoming.pipe(forwarded)
    })
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
    return new RecordingProxy(server, requests)
  }

  async stop(): Promise<void> {
    this.#server.closeAllConnections()
    await new Promise((resolve) => this.#server.close(resolve))
  }
}
