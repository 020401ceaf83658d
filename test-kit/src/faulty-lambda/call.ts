import type { IncomingMessage, ServerResponse } from 'node:http'
import type { BatchEvent } from '@lpr/contract'
import { type CompleteDetails, invokeComplete, payloadChunk } from './frames.ts'

/** What the test kit reads of an item event, payload format 2.0. */
export interface ReceivedItem {
  routeKey: string
  rawPath: string
  rawQueryString: string
  headers: Record<string, string>
  cookies?: string[]
  pathParameters?: Record<string, string>
  body?: string
  isBase64Encoded: boolean
  requestContext: { requestId: string; http: { method: string; sourceIp: string } }
}

export type Operation = 'Invoke' | 'InvokeWithResponseStream'

/** What the endpoint knows of an invocation when its request has been read. */
export interface CallFacts {
  operation: Operation
  /** As in the request's path, decoded: a name or an ARN. */
  functionName: string
  tenantId: string | undefined
  event: BatchEvent<ReceivedItem>
}

/** One invocation as the endpoint sees it: what was asked, and the means to answer it, well or badly. */
export class Call {
  readonly operation: Operation
  readonly functionName: string
  readonly tenantId: string | undefined
  readonly event: BatchEvent<ReceivedItem>
  /** Resolves when the answer was sent whole or the caller went away. */
  readonly over: Promise<void>
  /** Whether the caller went away before the answer was complete. */
  aborted = false
  readonly #request: IncomingMessage
  readonly #response: ServerResponse
  readonly #onEnd: () => void

  constructor(facts: CallFacts, request: IncomingMessage, response: ServerResponse, onEnd: () => void) {
    this.operation = facts.operation
    this.functionName = facts.functionName
    this.tenantId = facts.tenantId
    this.event = facts.event
    this.#request = request
    this.#response = response
    this.#onEnd = onEnd
    this.over = new Promise((resolve) => {
      response.once('close', () => {
        this.aborted = !response.writableFinished
        resolve()
      })
    })
  }

  /** `X-Amzn-Trace-Id` as it came. */
  get traceHeader(): string | undefined {
    return this.#request.headers['x-amzn-trace-id']?.toString()
  }

  get items(): ReceivedItem[] {
    return this.event.batch
  }

  get streaming(): boolean {
    return this.operation === 'InvokeWithResponseStream'
  }

  /** The item whose path parameter `id` is this. */
  item(id: string): ReceivedItem {
    const found = this.items.find(({ pathParameters }) => pathParameters?.id === id)
    if (found === undefined) throw new Error(`no item ${id} in the batch`)
    return found
  }

  /** A whole HTTP response; the answer of Invoke, and of either operation when Lambda refuses. */
  respond(status: number, body: string | Buffer, headers: Record<string, string> = {}): void {
    this.#onEnd()
    this.#response.writeHead(status, { 'content-type': 'application/json', ...headers })
    this.#response.end(body)
  }

  /** An error of the Lambda API itself. */
  refuse(status: number, type: string, headers: Record<string, string> = {}): void {
    const body = JSON.stringify({ Type: 'User', message: `${type} for ${this.functionName}` })
    this.respond(status, body, { 'x-amzn-errortype': type, ...headers })
  }

  /** Opens the event stream; without it the first frame does. */
  open(contentType = 'application/vnd.amazon.eventstream'): void {
    if (this.#response.headersSent) return
    this.#response.writeHead(200, {
      'content-type': contentType,
      'x-amzn-remapped-content-type': 'application/x-ndjson',
    })
    this.#response.flushHeaders()
  }

  /** Bytes on the wire as they are: frames, parts of frames, or rubbish. */
  raw(bytes: Buffer): void {
    this.open()
    this.#response.write(bytes)
  }

  /** A part of the function's answer, as one frame. */
  send(payload: string | Buffer): void {
    this.raw(payloadChunk(payload))
  }

  /** The proper end of a stream. */
  complete(details: CompleteDetails = {}): void {
    this.raw(invokeComplete(details))
    this.finish()
  }

  /** Ends the HTTP response where it is. */
  finish(): void {
    this.#onEnd()
    this.#response.end()
  }

  /** Resets the connection, whatever has been sent. */
  reset(): void {
    this.#request.socket.resetAndDestroy()
  }

  /** Closes the connection in the middle of whatever was being sent; the bytes before it do arrive. */
  hangUp(bytes: string | Buffer = ''): void {
    this.#request.socket.end(bytes)
  }
}
