import { Agent, type ClientRequest, type IncomingMessage, request } from 'node:http'
import { connect } from 'node:net'
import { type ErrorReport, toErrorTypeHeader } from './errors.ts'

/** An invocation as the Runtime API hands it out. */
export interface NextInvocation {
  /** JSON text. */
  event: string
  /** Names in lower case. */
  headers: Record<string, string>
}

const ERROR_TYPE_HEADER = 'Lambda-Runtime-Function-Error-Type'
const ERROR_BODY_HEADER = 'Lambda-Runtime-Function-Error-Body'

/** Client of the Runtime API, https://docs.aws.amazon.com/lambda/latest/dg/runtimes-api.html. */
export class RuntimeClient {
  readonly #host: string
  readonly #port: number
  readonly #agent = new Agent({ keepAlive: true, maxSockets: 1 })

  /** `address` is the value of `AWS_LAMBDA_RUNTIME_API`. */
  constructor(address: string) {
    const [, host, port] = /^\[?([^\]]+?)\]?:(\d+)$/.exec(address) ?? []
    if (host === undefined || port === undefined) {
      throw new Error(`AWS_LAMBDA_RUNTIME_API: expected host:port, got ${JSON.stringify(address)}`)
    }
    this.#host = host
    this.#port = Number(port)
  }

  /** Calls back when the Runtime API is gone. Does not keep the process alive. */
  onGone(callback: () => void): void {
    // A silent connection: it ends when the other process ends, whatever the function is busy with.
    const socket = connect(this.#port, this.#host)
    socket.on('error', () => undefined)
    socket.on('close', callback)
    socket.unref()
  }

  async next(): Promise<NextInvocation> {
    const response = await this.#send('GET', '/invocation/next')
    const headers = Object.entries(response.headers).map(([name, value]) => [name, String(value)])
    return { event: await readText(response), headers: Object.fromEntries(headers) }
  }

  async postResponse(requestId: string, json: string): Promise<void> {
    const headers = { 'Content-Type': 'application/json' }
    await this.#post(`/invocation/${requestId}/response`, json, headers)
  }

  async postError(requestId: string, report: ErrorReport): Promise<void> {
    await this.#post(`/invocation/${requestId}/error`, JSON.stringify(report), errorHeaders(report))
  }

  async postInitError(report: ErrorReport): Promise<void> {
    await this.#post('/init/error', JSON.stringify(report), errorHeaders(report))
  }

  /** Begins a streamed response. `accepted` settles when the Runtime API has taken it to its end. */
  openResponse(requestId: string, contentType: string): { body: ClientRequest; accepted: Promise<void> } {
    const body = this.#request('POST', `/invocation/${requestId}/response`, {
      'Content-Type': contentType,
      'Lambda-Runtime-Function-Response-Mode': 'streaming',
      Trailer: `${ERROR_TYPE_HEADER}, ${ERROR_BODY_HEADER}`,
      'Transfer-Encoding': 'chunked',
    })
    return { body, accepted: responseTo(body).then(expectAccepted) }
  }

  #post(path: string, body: string, headers: Record<string, string>): Promise<void> {
    return this.#send('POST', path, body, headers).then(expectAccepted)
  }

  #send(
    method: string,
    path: string,
    body = '',
    headers: Record<string, string> = {},
  ): Promise<IncomingMessage> {
    const call = this.#request(method, path, {
      ...headers,
      'Content-Length': String(Buffer.byteLength(body)),
    })
    const response = responseTo(call)
    call.end(body)
    return response
  }

  #request(method: string, path: string, headers: Record<string, string>): ClientRequest {
    const place = { host: this.#host, port: this.#port, agent: this.#agent }
    return request({ ...place, method, path: `/2018-06-01/runtime${path}`, headers })
  }
}

/** Ends a streamed response with an error: it travels in the trailers. */
export function endWithError(body: ClientRequest, report: ErrorReport): void {
  body.addTrailers({
    [ERROR_TYPE_HEADER]: toErrorTypeHeader(report.errorType),
    [ERROR_BODY_HEADER]: Buffer.from(JSON.stringify(report)).toString('base64'),
  })
  body.end()
}

function errorHeaders({ errorType }: ErrorReport): Record<string, string> {
  return {
    'Content-Type': 'application/vnd.aws.lambda.error+json',
    [ERROR_TYPE_HEADER]: toErrorTypeHeader(errorType),
  }
}

function responseTo(call: ClientRequest): Promise<IncomingMessage> {
  return new Promise((resolve, reject) => {
    call.once('response', resolve)
    call.once('error', reject)
  })
}

async function expectAccepted(response: IncomingMessage): Promise<void> {
  const text = await readText(response)
  // The caller has been told: a response that is too large is Lambda's to report, not the function's.
  if (response.statusCode === 413) return void console.error(text)
  if (response.statusCode !== 202) throw new Error(`Runtime API: ${response.statusCode} ${text}`)
}

async function readText(response: IncomingMessage): Promise<string> {
  response.setEncoding('utf8')
  let text = ''
  for await (const piece of response as AsyncIterable<string>) text += piece
  return text
}
