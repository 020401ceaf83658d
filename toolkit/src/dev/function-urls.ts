import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { functionUrlAnswer, functionUrlEvent, type HttpAnswer } from './function-url-event.ts'

/** Invokes a function with an event. */
export type InvokeByUrl = (urlId: string, event: unknown) => Promise<{ payload: unknown; failed: boolean }>

const HOST = '127.0.0.1'

/** A loopback listener for each function URL of the template, answered with buffered invocations. */
export class FunctionUrls {
  readonly #accountId: string
  readonly #firstPort: number
  readonly #invoke: InvokeByUrl
  readonly #servers = new Map<string, Server>()

  /** Listeners take the ports from `firstPort` on, or any free one where such a port is taken. */
  constructor(options: { accountId: string; firstPort: number; invoke: InvokeByUrl }) {
    this.#accountId = options.accountId
    this.#firstPort = options.firstPort
    this.#invoke = options.invoke
  }

  /** Listens for these URL resources too. One that has a listener keeps its URL. */
  async serve(urlIds: string[]): Promise<void> {
    for (const urlId of urlIds) {
      if (this.#servers.has(urlId)) continue
      const server = createServer((request, response) => void this.#answer(urlId, request, response))
      await listen(server, this.#firstPort + this.#servers.size)
      this.#servers.set(urlId, server)
    }
  }

  /** Stops to listen for all others. */
  async keepOnly(urlIds: string[]): Promise<void> {
    const gone = [...this.#servers.keys()].filter((urlId) => !urlIds.includes(urlId))
    await Promise.all(gone.map((urlId) => this.#close(urlId)))
  }

  /** The URL of each resource, ending in a slash as on AWS. */
  get urls(): Map<string, string> {
    const entries = [...this.#servers].map(([urlId, server]): [string, string] => {
      return [urlId, `http://${HOST}:${(server.address() as AddressInfo).port}/`]
    })
    return new Map(entries)
  }

  async stop(): Promise<void> {
    await Promise.all([...this.#servers.keys()].map((urlId) => this.#close(urlId)))
  }

  async #close(urlId: string): Promise<void> {
    const server = this.#servers.get(urlId)
    this.#servers.delete(urlId)
    server?.closeAllConnections()
    await new Promise((closed) => (server ? server.close(closed) : closed(undefined)))
  }

  async #answer(urlId: string, request: IncomingMessage, response: ServerResponse): Promise<void> {
    const answer = await this.#invoked(urlId, request).catch(() => internalError())
    response.writeHead(answer.status, answer.headers).end(answer.body)
  }

  async #invoked(urlId: string, request: IncomingMessage): Promise<HttpAnswer> {
    const chunks: Buffer[] = []
    for await (const chunk of request) chunks.push(chunk as Buffer)
    const event = functionUrlEvent(request, Buffer.concat(chunks), this.#accountId)
    const { payload, failed } = await this.#invoke(urlId, event)
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
