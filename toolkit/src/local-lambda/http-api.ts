import { randomUUID } from 'node:crypto'
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { LocalLambdaEvent } from './api.ts'
import { functionNotFound, ServiceError } from './errors.ts'
import { executedVersion, functionArn, type Place } from './function-name.ts'
import type { Invocation, InvocationOutput, InvocationRequest } from './invocation.ts'
import { type Call, type CallOptions, parseCall, parseOptions, readInvocation } from './invoke-request.ts'
import { LOG_TAIL_BYTES } from './limits.ts'
import { LogTail } from './log-lines.ts'
import { BufferedOutput, discardingOutput, type Reply, StreamOutput, sendServiceError } from './outputs.ts'
import type { FunctionPool } from './pool.ts'

export interface HttpApiOptions {
  place: Place
  host: string
  port: number
  findPool: (functionName: string) => FunctionPool | undefined
  onEvent: (event: LocalLambdaEvent) => void
}

/**
 * The two invoke operations of the Lambda API over HTTP. Signatures are not checked.
 * https://docs.aws.amazon.com/lambda/latest/api/API_Invoke.html
 */
export class HttpApi {
  readonly #options: HttpApiOptions
  readonly #server: Server
  #url = ''

  private constructor(options: HttpApiOptions) {
    this.#options = options
    // The service takes 1 MB of headers.
    this.#server = createServer({ maxHeaderSize: 1_048_576 }, (request, response) => {
      void this.#serve(request, response)
    })
    // Longer than an SDK keeps a connection, so that none is closed just as it is used again.
    this.#server.keepAliveTimeout = 600_000
  }

  static async start(options: HttpApiOptions): Promise<HttpApi> {
    const api = new HttpApi(options)
    await new Promise<void>((resolve, reject) => {
      api.#server.once('error', reject).listen(options.port, options.host, resolve)
    })
    const { address, port, family } = api.#server.address() as AddressInfo
    api.#url = `http://${family === 'IPv6' ? `[${address}]` : address}:${port}`
    return api
  }

  get url(): string {
    return this.#url
  }

  /** Takes no more connections and ends each when its answer has been sent. Resolves when none is left. */
  stopListening(): Promise<void> {
    return new Promise((resolve) => this.#server.close(() => resolve()))
  }

  /** Closes what is still open: callers that do not read their answer. */
  closeConnections(): void {
    this.#server.closeAllConnections()
  }

  async #serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    response.once('finish', () => {
      if (!this.#server.listening) request.socket.end()
    })
    try {
      await this.#invoke(request, response)
    } catch (error) {
      request.resume()
      sendServiceError(response, toServiceError(error))
    }
  }

  async #invoke(http: IncomingMessage, response: ServerResponse): Promise<void> {
    const { place, findPool } = this.#options
    const requestId = randomUUID()
    response.setHeader('x-amzn-RequestId', requestId)
    const call = parseCall(http.method ?? '', http.url ?? '', place)
    const options = parseOptions(http.headers, call.streaming)
    const request = await readInvocation(http, requestId, call, options, place)
    const pool = findPool(call.function.name)
    if (pool === undefined) throw functionNotFound(functionArn(place, call.function))
    if (options.invocationType === 'DryRun') return void response.writeHead(204).end()
    await this.#run(pool, request, call, options, response)
  }

  async #run(
    pool: FunctionPool,
    request: InvocationRequest,
    call: Call,
    { invocationType, wantsLog }: CallOptions,
    http: ServerResponse,
  ): Promise<void> {
    const log = new LogTail(LOG_TAIL_BYTES)
    const asynchronous = invocationType === 'Event'
    const version = executedVersion(call.function.qualifier)
    const reply: Reply = { http, executedVersion: version, ...(wantsLog && { log }) }
    const output = asynchronous ? discardingOutput : outputFor(call, reply)
    const done = this.#runInPool(pool, { request, output, log }, !asynchronous)
    if (!asynchronous) return done
    http.writeHead(202).end()
    // Nobody is there to be told: a refusal has been reported as an event.
    await done.catch(() => undefined)
  }

  async #runInPool(pool: FunctionPool, invocation: Invocation, mayThrottle: boolean): Promise<void> {
    try {
      await pool.invoke(invocation, mayThrottle)
    } catch (error) {
      const { type, message } = toServiceError(error)
      this.#options.onEvent({
        type: 'invocation-refused',
        functionName: pool.definition.name,
        requestId: invocation.request.requestId,
        errorType: type,
        message,
      })
      throw error
    }
  }
}

function outputFor(call: Call, reply: Reply): InvocationOutput {
  return call.streaming ? new StreamOutput(reply) : new BufferedOutput(reply)
}

function toServiceError(error: unknown): ServiceError {
  if (error instanceof ServiceError) return error
  return new ServiceError('ServiceException', 500, `The local Lambda failed: ${String(error)}`)
}
