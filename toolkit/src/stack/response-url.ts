import { createServer, type IncomingMessage, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { isObject, type JsonObject } from '../json.ts'

/** The reply of a custom resource, as CloudFormation reads it. */
export interface CustomResourceReply {
  status: 'SUCCESS' | 'FAILED'
  reason: string
  physicalResourceId: string
  data: JsonObject
}

/** A loopback stand-in for the pre-signed URL that custom resources answer to. */
export class ResponseReceiver {
  readonly url: string
  /** Settles with the first reply. */
  readonly reply: Promise<CustomResourceReply>
  readonly #server: Server

  private constructor(server: Server, reply: Promise<CustomResourceReply>) {
    this.#server = server
    this.reply = reply
    this.url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/reply`
  }

  static async start(): Promise<ResponseReceiver> {
    const { promise, resolve, reject } = deferred<CustomResourceReply>()
    // Whether it is awaited is the caller's affair; a reply that nobody reads must not end the process.
    promise.catch(() => {})
    const server = createServer((request, response) => {
      readReply(request)
        .then(resolve, reject)
        .finally(() => response.end())
    })
    await new Promise<void>((listening, failed) => {
      server.once('error', failed)
      server.listen(0, '127.0.0.1', listening)
    })
    return new ResponseReceiver(server, promise)
  }

  async stop(): Promise<void> {
    this.#server.closeAllConnections()
    await new Promise((closed) => this.#server.close(closed))
  }
}

async function readReply(request: IncomingMessage): Promise<CustomResourceReply> {
  const chunks: Buffer[] = []
  for await (const chunk of request) chunks.push(chunk as Buffer)
  const body: unknown = JSON.parse(Buffer.concat(chunks).toString('utf8'))
  if (request.method !== 'PUT' || !isObject(body)) {
    throw new Error(
      `expected a PUT of an object from the custom resource, got ${request.method} of ${typeof body}`,
    )
  }
  return {
    status: body.Status === 'SUCCESS' ? 'SUCCESS' : 'FAILED',
    reason: String(body.Reason ?? ''),
    physicalResourceId: String(body.PhysicalResourceId ?? ''),
    data: isObject(body.Data) ? body.Data : {},
  }
}

function deferred<T>(): {
  promise: Promise<T>
  resolve: (value: T) => void
  reject: (error: unknown) => void
} {
  let resolve: (value: T) => void = () => {}
  let reject: (error: unknown) => void = () => {}
  const promise = new Promise<T>((yes, no) => {
    resolve = yes
    reject = no
  })
  return { promise, resolve, reject }
}
