import { randomUUID } from 'node:crypto'
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { S3Error } from './errors.ts'
import { type Account, perform, type S3Response } from './operations.ts'
import { parseRequest } from './s3-request.ts'
import type { Bucket, StoredObject } from './store.ts'

/** Options of `LocalS3.start`. */
export interface LocalS3Options {
  /** Names of the buckets that exist. */
  buckets: string[]
  /** Owner of the buckets, default `000000000000`. */
  accountId?: string
  /** Default `127.0.0.1`. */
  host?: string
  /** Default 0: any free port. */
  port?: number
}

/**
 * An S3 endpoint that keeps its objects in memory: PutObject, GetObject, HeadObject, DeleteObject, PutObjectTagging and
 * GetObjectTagging, path style. Everything else is refused by name. Signatures are not checked.
 */
export class LocalS3 {
  /** Endpoint for SDKs, for example as `AWS_ENDPOINT_URL_S3`. */
  readonly url: string
  readonly #server: Server
  readonly #account: Account

  private constructor(server: Server, account: Account) {
    const { address, port, family } = server.address() as AddressInfo
    this.url = `http://${family === 'IPv6' ? `[${address}]` : address}:${port}`
    this.#server = server
    this.#account = account
  }

  static async start({ buckets, accountId, host, port }: LocalS3Options): Promise<LocalS3> {
    const empty = buckets.map((name): [string, Bucket] => [name, new Map()])
    const account = { accountId: accountId ?? '000000000000', buckets: new Map(empty) }
    const server = createServer((request, response) => void serve(account, request, response))
    await new Promise<void>((resolve, reject) => {
      server.once('error', reject).listen(port ?? 0, host ?? '127.0.0.1', resolve)
    })
    return new LocalS3(server, account)
  }

  /** What a bucket holds now, by key. Throws when there is no such bucket. */
  objects(bucket: string): ReadonlyMap<string, StoredObject> {
    const objects = this.#account.buckets.get(bucket)
    if (objects === undefined) {
      const names = [...this.#account.buckets.keys()].join(', ')
      throw new Error(`bucket ${bucket}: expected one of ${names || '(none)'}`)
    }
    return objects
  }

  /** Ends all connections. Resolves when the port is closed. */
  stop(): Promise<void> {
    return new Promise((resolve) => {
      this.#server.close(() => resolve())
      this.#server.closeAllConnections()
    })
  }
}

async function serve(account: Account, request: IncomingMessage, response: ServerResponse): Promise<void> {
  const requestId = randomUUID()
  response.setHeader('x-amz-request-id', requestId)
  try {
    // Read before anything is refused: a client that is still sending would miss the answer.
    const body = await readAll(request)
    send(response, perform(account, parseRequest(request), body))
  } catch (error) {
    if (!response.destroyed) send(response, errorResponse(request, requestId, error))
  }
}

function errorResponse(request: IncomingMessage, requestId: string, error: unknown): S3Response {
  const known = error instanceof S3Error ? error : new S3Error('InternalError', 500, String(error))
  if (request.method === 'HEAD') return { status: known.status, headers: {} }
  const path = (request.url ?? '').split('?')[0] ?? ''
  const body = Buffer.from(known.toXml(path, requestId))
  const headers = { 'Content-Type': 'application/xml', 'Content-Length': body.length }
  return { status: known.status, headers, body }
}

function send(response: ServerResponse, { status, headers, body }: S3Response): void {
  response.writeHead(status, headers).end(body)
}

async function readAll(request: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = []
  for await (const chunk of request as AsyncIterable<Buffer>) chunks.push(chunk)
  return Buffer.concat(chunks)
}
