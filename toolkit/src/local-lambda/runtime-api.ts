import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { FunctionFailure } from './errors.ts'
import { readBody } from './http-body.ts'
import type { InvocationRequest } from './invocation.ts'
import { MAX_PAYLOAD_BYTES } from './limits.ts'
import { RuntimeApiError } from './runtime-api-error.ts'

/** An invocation as the runtime gets it. */
export interface NextInvocation {
  request: InvocationRequest
  /** Unique per attempt; a runtime may echo it. */
  invocationId: string
  /** Unix time in ms. */
  deadlineMs: number
}

/** What a runtime may ask. Each method throws `RuntimeApiError` when the call does not fit the environment's state. */
export interface RuntimeHost {
  /** The runtime can take an invocation: `send` delivers one. Returns what to call when the runtime hangs up. */
  next(send: (next: NextInvocation) => void): () => void
  /** The runtime answers; resolves when the body has been consumed. */
  respond(requestId: string, invocationId: string | undefined, body: IncomingMessage): Promise<void>
  fail(requestId: string, invocationId: string | undefined, failure: FunctionFailure): void
  initFailed(failure: FunctionFailure): void
}

/**
 * The Runtime API of one execution environment, on a port of its own.
 * https://docs.aws.amazon.com/lambda/latest/dg/runtimes-api.html
 */
export class RuntimeApi {
  readonly #server: Server
  readonly #host: RuntimeHost

  private constructor(host: RuntimeHost) {
    this.#host = host
    this.#server = createServer((request, response) => void this.#serve(request, response))
    // A runtime waits for work, and keeps a silent connection to notice our end, for as long as it likes.
    this.#server.headersTimeout = 0
    this.#server.requestTimeout = 0
    this.#server.keepAliveTimeout = 0
  }

  static async start(host: RuntimeHost): Promise<RuntimeApi> {
    const api = new RuntimeApi(host)
    await new Promise<void>((resolve, reject) => {
      api.#server.once('error', reject).listen(0, '127.0.0.1', resolve)
    })
    return api
  }

  /** `host:port`, the value of `AWS_LAMBDA_RUNTIME_API`. */
  get address(): string {
    return `127.0.0.1:${(this.#server.address() as AddressInfo).port}`
  }

  close(): Promise<void> {
    return new Promise((resolve) => {
      this.#server.close(() => resolve())
      this.#server.closeAllConnections()
    })
  }

  async #serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    try {
      await this.#route(request, response)
    } catch (error) {
      refuse(request, response, error)
    }
  }

  async #route(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const path = (request.url ?? '').split('?')[0] ?? ''
    const [, requestId, action] = INVOCATION_PATH.exec(path) ?? []
    if (request.method === 'GET' && path === `${BASE}/invocation/next`) return this.#next(response)
    if (request.method !== 'POST') throw notFound(request)
    if (path === `${BASE}/init/error`) this.#host.initFailed(await readFailure(request))
    else if (requestId !== undefined && action === 'response') {
      await this.#host.respond(requestId, invocationIdOf(request), request)
    } else if (requestId !== undefined && action === 'error') {
      this.#host.fail(requestId, invocationIdOf(request), await readFailure(request))
    } else throw notFound(request)
    sendJson(response, 202, { status: 'OK' })
  }

  #next(response: ServerResponse): void {
    const hangUp = this.#host.next((next) => sendNext(response, next))
    response.once('close', hangUp)
  }
}

const BASE = '/2018-06-01/runtime'
const INVOCATION_PATH = /^\/2018-06-01\/runtime\/invocation\/([^/]+)\/(response|error)$/

function sendNext(response: ServerResponse, { request, invocationId, deadlineMs }: NextInvocation): void {
  response.writeHead(200, {
    'Content-Type': 'application/json',
    'Content-Length': request.payload.length,
    'Lambda-Runtime-Aws-Request-Id': request.requestId,
    'Lambda-Runtime-Deadline-Ms': deadlineMs,
    'Lambda-Runtime-Invocation-Id': invocationId,
    'Lambda-Runtime-Invoked-Function-Arn': request.functionArn,
    'Lambda-Runtime-Trace-Id': request.traceId,
    ...(request.clientContext !== undefined && {
      // JSON may hold anything; a header may not.
      'Lambda-Runtime-Client-Context': escapeNonAscii(request.clientContext),
    }),
    ...(request.tenantId !== undefined && { 'Lambda-Runtime-Aws-Tenant-Id': request.tenantId }),
  })
  response.end(request.payload)
}

function escapeNonAscii(json: string): string {
  const compact = JSON.stringify(JSON.parse(json))
  return compact.replace(/[^\x20-\x7e]/g, (char) => `\\u${char.charCodeAt(0).toString(16).padStart(4, '0')}`)
}

function invocationIdOf(request: IncomingMessage): string | undefined {
  return request.headers['lambda-runtime-invocation-id']?.toString()
}

async function readFailure(request: IncomingMessage): Promise<FunctionFailure> {
  const body = await readBody(request, MAX_PAYLOAD_BYTES)
  if (body === undefined) throw RuntimeApiError.tooLarge()
  const errorType = request.headers['lambda-runtime-function-error-type']?.toString()
  return parseFailure(body, errorType)
}

/** Reads a runtime's error report; one that is not the usual JSON object still says something. */
export function parseFailure(body: Buffer, errorType: string | undefined): FunctionFailure {
  const text = body.toString('utf8')
  try {
    const report: unknown = JSON.parse(text)
    if (typeof report === 'object' && report !== null) {
      const own = 'errorType' in report && typeof report.errorType === 'string' ? report.errorType : undefined
      return new FunctionFailure(errorType ?? own ?? 'Runtime.Unknown', body)
    }
  } catch {
    // Not JSON: reported as text below.
  }
  return FunctionFailure.of(errorType ?? 'Runtime.Unknown', text)
}

function notFound(request: IncomingMessage): RuntimeApiError {
  return new RuntimeApiError(
    404,
    'NotFound',
    `${request.method} ${request.url}: no such call of the Runtime API`,
  )
}

function refuse(request: IncomingMessage, response: ServerResponse, error: unknown): void {
  request.resume()
  const known = error instanceof RuntimeApiError ? error : RuntimeApiError.internal(error)
  if (!response.headersSent && !response.destroyed) {
    sendJson(response, known.status, { errorMessage: known.message, errorType: known.type })
  }
}

function sendJson(response: ServerResponse, status: number, body: unknown): void {
  const text = JSON.stringify(body)
  response.writeHead(status, {
    'Content-Type': 'application/json',
    'Content-Length': Buffer.byteLength(text),
  })
  response.end(text)
}
