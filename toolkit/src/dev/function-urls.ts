import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { functionUrlAnswer, functionUrlEvent, type HttpAnswer } from './function-url-event.ts'

/** Invokes a function with an event. */
export type InvokeByLogicalId = (
  logicalId: string,
  event: unknown,
) => Promise<{ payload: unknown; failed: boolean }>

const HOST = '127.0.0.1'

/** A loopback listener for each function with a `FunctionUrlConfig`, answered with buffered invocations. */
export class FunctionUrls {
  readonly #accountId: string
  readonly #firstPort: number
  readonly #invoke: InvokeByLogicalId
  readonly #servers = new Map<string, Server>()

  /** Listeners take the ports from `firstPort` on, or any free one where such a port is taken. */
  constructor(options: { accountId: string; firstPort: number; invoke: InvokeByLogicalId }) {
    this.#accountId = options.accountId
    this.#firstPort = options.firstPort
    this.#invoke = options.invoke
  }

  /** Listens for exactly these functions. A function that had a listener keeps its URL. */
  async serve(logicalIds: string[]): Promise<void> {
    const gone = [...this.#servers.keys()].filter((logicalId) => !logicalIds.includes(logicalId))
    await Promise.all(gone.map((logicalId) => this.#close(logicalId)))
    for (const logicalId of logicalIds) {
      if (this.#servers.has(logicalId)) continue
      const server = createServer((request, response) => void this.#answer(logicalId, request, response))
      await listen(server, this.#firstPort + this.#servers.size)
      this.#servers.set(logicalId, server)
    }
  }

  /** The URL of each function, ending in a slash as on AWS. */
  get urls(): Map<string, string> {
    const entries = [...this.#servers].map(([logicalId, server]): [string, string] => {
      return [logicalId, `http://${HOST}:${(server.address() as AddressInfo).port}/`]
    })
    return new Map(entries)
  }

  async stop(): Promise<void> {
    await Promise.all([...this.#servers.keys()].map((logicalId) => this.#close(logicalId)))
  }

  async #close(logicalId: string): Promise<void> {
    const server = this.#servers.get(logicalId)
    this.#servers.delete(logicalId)
    server?.closeAllConnections()
    await new Promise((closed) => (server ? server.close(closed) : closed(undefined)))
  }

  async #answer(logicalId: string, request: IncomingMessage, response: ServerResponse): Promise<void> {
    const answer = await this.#invoked(logicalId, request).catch(() => internalError())
    response.writeHead(answer.status, answer.headers).end(answer.body)
  }

  async #invoked(logicalId: string, request: IncomingMessage): Promise<HttpAnswer> {
    const chunks: Buffer[] = []
    for await (const chunk of request) chunks.push(chunk as Buffer)
    const event = functionUrlEvent(request, Buffer.concat(chunks), this.#accountId)
    const { payload, failed } = await this.#invoke(logicalId, event)
    return failed ? internalError() : functionUrlAnswer(payload)
  }
}

/** As a function URL answers when its function fails. */
function internalError(): HttpAnswer {
  const headers = { 'content-type': 'application/json' }
  return { status: 502, headers, body: Buffer.from('Internal Server Error') }
}

async function listen(server: Server, port: number): Promise<void> {
  try {
    await tryListen(server, port)
  } catch {
    await tryListen(server, 0)
  }
}

function tryListen(server: Server, port: number): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', reject)
    server.listen(port, HOST, () => {
      server.off('error', reject)
      resolve()
    })
  })
}
