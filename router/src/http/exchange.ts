import type { ServerResponse } from 'node:http'
import type { Socket } from 'node:net'
import type { BatchFacts, Item, Reply, ResponseHead } from '../batching/item.ts'
import { type Clock, msText } from '../clock.ts'
import { RouterError } from '../errors.ts'
import type { RosterMember } from '../roster.ts'
import type { RequestEnded, Telemetry } from '../telemetry/events.ts'
import { bodyIsSmall, type Upload } from './body.ts'
import type { Connections, InLine } from './connections.ts'
import type { Mortal } from './deadlines.ts'
import type { DirectRequest } from './direct-request.ts'
import { followResponse, type ResponseFollower } from './follow-response.ts'
import { refuseUnread } from './linger.ts'
import { problemDocument } from './problem.ts'

export interface ExchangeOptions {
  clock: Clock
  telemetry: Telemetry
  maxStreamBufferBytes: number
  /** How long a client may take nothing of a response that is over before its connection is reset. */
  unreadTimeoutMs: number
  includeBatchHeaders: boolean
  /** Whether connections are to be closed after their response, because the router is shutting down. */
  closing(): boolean
  connections: Connections<Exchange>
}

/** Told once of each, in this order. */
export interface ExchangeOwner {
  /** The request has its outcome, and needs its place in a batch no more. */
  settled(exchange: Exchange): void
  /** The response is over, and nothing more happens to it. */
  closed(exchange: Exchange): void
}

/** Statuses whose responses have no body (RFC 9110 section 6.4.1). */
const BODILESS = new Set([204, 304])
/** What logs and metrics show for a client that left before the head, after nginx. */
const CLIENT_CLOSED_REQUEST = 499

/**
 * One request and its response. Sees to it that there is exactly one outcome, whoever comes first: the function's
 * answer, an error, the deadline, or the client leaving.
 */
export class Exchange implements Reply, InLine<Exchange>, ResponseFollower, RosterMember, Mortal {
  readonly requestId: string
  readonly request: DirectRequest
  readonly response: ServerResponse
  readonly socket: Socket
  readonly startedAtMs: number
  routeKey: string | undefined
  /** Whether it asks for the router's own health. */
  probe = false
  /** Its place in a batch, which it gives up with its outcome. */
  item: Item | undefined
  /** Its body, while that is read. */
  upload: Upload | undefined
  behind: Exchange | undefined
  place = -1
  deadlineAtMs = Number.POSITIVE_INFINITY
  readonly #owner: ExchangeOwner
  readonly #options: ExchangeOptions
  #timeoutMs = 0
  #facts: BatchFacts | undefined
  #error: RouterError | undefined
  #status = CLIENT_CLOSED_REQUEST
  #state: 'waiting' | 'streaming' | 'settled' = 'waiting'
  #reset = false
  /** Whether the head of a stream is written but has not been handed over. */
  #headWaits = false
  #sent = false
  #over = false

  constructor(
    requestId: string,
    request: DirectRequest,
    response: ServerResponse,
    owner: ExchangeOwner,
    options: ExchangeOptions,
  ) {
    this.requestId = requestId
    this.request = request
    this.response = response
    this.socket = request.socket
    this.#owner = owner
    this.#options = options
    this.startedAtMs = options.clock.now()
    followResponse(response, this)
    options.connections.join(this)
  }

  get started(): boolean {
    return this.#state !== 'waiting'
  }

  get settled(): boolean {
    return this.#state === 'settled'
  }

  /** Node closes a connection after the first response that says so; requests behind it would get no answer. */
  get #lastInLine(): boolean {
    return this.#options.connections.last(this.socket) === this
  }

  get #headOnly(): boolean {
    return this.request.method === 'HEAD'
  }

  /** From then on there are `timeoutMs` for what is waited for: the body if that is being read, else the head of the response. */
  setDeadline(fromMs: number, timeoutMs: number): void {
    this.#timeoutMs = timeoutMs
    this.deadlineAtMs = fromMs + timeoutMs
  }

  expire(): void {
    if (this.upload !== undefined) this.upload.expire(this.#timeoutMs)
    else this.fail(new RouterError('timeout', `no response head within ${this.#timeoutMs} ms`))
  }

  dispatched(facts: BatchFacts): void {
    this.#facts = facts
  }

  respond({ statusCode, headers }: ResponseHead, body: Uint8Array | string): void {
    if (this.#state !== 'waiting') return
    const length = BODILESS.has(statusCode) || (this.#headOnly && body.length === 0) ? undefined : body.length
    this.#writeHead(statusCode, headers, length)
    if (this.#headOnly || BODILESS.has(statusCode)) this.response.end()
    // Text is ASCII, as `Reply` has it, and latin1 says so: head and body then go out as one piece without a copy.
    else this.response.end(body, 'latin1')
    this.#limitReading()
    this.#settle()
  }

  head({ statusCode, headers }: ResponseHead): void {
    if (this.#state !== 'waiting') return
    this.#writeHead(statusCode, headers, undefined)
    this.#headWaits = true
    process.nextTick(() => this.#flushHead())
    this.#state = 'streaming'
    // The deadline is for the head; a stream may go on for as long as records come.
    this.deadlineAtMs = Number.POSITIVE_INFINITY
  }

  /**
   * A client that takes less than it is sent is held for until its buffer is full; then it alone is reset. What it was
   * sent before is what counts: a single large chunk says nothing about how fast it reads.
   */
  chunk(data: Uint8Array | string): void {
    if (this.#state !== 'streaming' || this.#headOnly || data.length === 0 || BODILESS.has(this.#status))
      return
    const unsent = this.response.writableLength
    if (unsent > this.#options.maxStreamBufferBytes) {
      this.fail(new RouterError('function_error', `slow client: ${unsent} bytes unsent`))
    } else {
      this.#headWaits = false
      // What has to wait for a slow client is kept outside of V8's heap, which has a limit of its own.
      const waits = typeof data === 'string' && unsent > 0
      this.response.write(waits ? Buffer.from(data, 'latin1') : data, 'latin1')
    }
  }

  end(): void {
    if (this.#state !== 'streaming') return
    this.#headWaits = false
    this.response.end()
    this.#limitReading()
    this.#settle()
  }

  fail(error: RouterError): void {
    if (this.#state === 'settled') return
    this.#error = error
    if (this.#state === 'streaming') this.#resetConnection()
    else this.#writeProblem(error)
    this.#settle()
  }

  /** An answer of the router's own that is no error: health checks. */
  plain(statusCode: number, text: string): void {
    this.respond({ statusCode, headers: ['content-type', 'text/plain; charset=utf-8'] }, Buffer.from(text))
  }

  #writeProblem(error: RouterError): void {
    const body = problemDocument(error, this.requestId)
    const headers = ['content-type', 'application/problem+json', 'x-lpr-error', error.code]
    headers.push(...Object.entries(error.headers).flat())
    // Whoever is refused for overload comes again, and a new connection would make the load worse.
    const comesAgain = error.code === 'too_many_requests' && bodyIsSmall(this.request)
    const unread = !this.request.complete && !comesAgain
    if (unread) headers.push('connection', 'close')
    this.#writeHead(error.status, headers, body.length)
    if (!this.#headOnly) this.response.write(body)
    if (unread) refuseUnread(this.request, this.response, this.#options.clock)
    else this.response.end()
  }

  #writeHead(statusCode: number, headers: string[], contentLength: number | undefined): void {
    this.#status = statusCode
    const flat = ['x-lpr-request-id', this.requestId, ...headers]
    if (contentLength !== undefined) flat.push('content-length', String(contentLength))
    if (this.#facts !== undefined && this.#options.includeBatchHeaders) {
      flat.push('x-lpr-batch-size', String(this.#facts.size))
      flat.push('x-lpr-batch-wait-ms', msText(this.#facts.waitMs))
      flat.push('x-lpr-flush-reason', this.#facts.flushReason)
    }
    if (this.#options.closing() && this.#lastInLine) flat.push('connection', 'close')
    this.response.writeHead(statusCode, flat)
    const { requestId } = this
    this.#options.telemetry.responseStarted.publish?.({
      requestId,
      status: statusCode,
      batchId: this.#facts?.batchId,
    })
  }

  /**
   * A head seldom comes without a chunk, and each piece is a call of the kernel, so it may go out with what follows in the
   * same turn. Node puts them together by itself; corking a response whose head waits makes Node 24 send the body first.
   */
  #flushHead(): void {
    if (!this.#headWaits) return
    this.#headWaits = false
    this.response.flushHeaders()
  }

  /** A client that stops reading would otherwise hold its place among the admitted requests for ever. */
  #limitReading(): void {
    // What the kernel has taken is no longer held here. That is nearly every response, so for it no timer is set.
    if (this.response.writableLength === 0) return
    // Node starts this time anew whenever the client takes something, and ends it with the response.
    this.response.setTimeout(this.#options.unreadTimeoutMs, () => this.#resetConnection())
  }

  #resetConnection(): void {
    this.#reset = true
    this.#flushHead()
    this.socket.resetAndDestroy()
  }

  #settle(): void {
    this.#state = 'settled'
    this.deadlineAtMs = Number.POSITIVE_INFINITY
    this.#owner.settled(this)
    this.item = undefined
  }

  responseFinished(): void {
    // A destroyed socket has nothing left to send either, and Node calls that finished too.
    this.#sent = !this.socket.destroyed
  }

  responseClosed(): void {
    if (this.#over) return
    this.#over = true
    this.upload?.stop()
    if (!this.settled) this.#settle()
    const { telemetry, connections } = this.#options
    telemetry.requestEnded.publish?.(this.#summary())
    connections.leave(this)
    this.#owner.closed(this)
  }

  #summary(): RequestEnded {
    const facts = this.#facts
    return {
      requestId: this.requestId,
      method: this.request.method ?? '',
      routeKey: this.routeKey,
      probe: this.probe,
      status: this.#status,
      code: this.#error?.code,
      durationMs: this.#options.clock.now() - this.startedAtMs,
      outcome: this.#sent ? 'sent' : this.#reset ? 'reset' : 'client_gone',
      batchId: facts?.batchId,
      batchSize: facts?.size,
      batchWaitMs: facts?.waitMs,
      flushReason: facts?.flushReason,
      error: this.#error,
    }
  }
}
