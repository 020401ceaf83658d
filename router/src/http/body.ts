import type { IncomingMessage } from 'node:http'
import { RouterError } from '../errors.ts'
import type { BodyReceiver, DirectRequest } from './direct-request.ts'

/** Whether a request says that it has a body (RFC 9112 section 6.3). */
export function announcesBody(request: IncomingMessage): boolean {
  const { 'content-length': length, 'transfer-encoding': coding } = request.headers
  return coding !== undefined || (length !== undefined && Number(length) > 0)
}

/** The declared length, if over the cap, is reason enough to refuse before a byte is read. */
export function declaredTooLarge(request: IncomingMessage, maxBytes: number): boolean {
  return Number(request.headers['content-length'] ?? 0) > maxBytes
}

/** What is read and thrown away rather than to close a connection. */
const SMALL_BODY_BYTES = 64 * 1024

/**
 * Whether the body of a request is so short that a refusal need not close the connection: Node throws away what comes
 * after the response. A client that waits for 100 may never send its body, so behind it nothing could be read.
 */
export function bodyIsSmall({ headers }: IncomingMessage): boolean {
  if (headers['transfer-encoding'] !== undefined || headers.expect !== undefined) return false
  return Number(headers['content-length'] ?? 0) <= SMALL_BODY_BYTES
}

const NO_BYTES = Buffer.alloc(0)

/**
 * A body that is being read. Calls back once, unless stopped before: with all of it, or `body_too_large`, or
 * `request_read_timeout`.
 */
export class Upload implements BodyReceiver {
  readonly #request: DirectRequest
  readonly #maxBytes: number
  readonly #done: (outcome: Buffer | RouterError) => void
  #first: Buffer | undefined
  /** Behind the first; mostly there are none. */
  #others: Buffer[] | undefined
  #bytes = 0

  constructor(request: DirectRequest, maxBytes: number, done: (outcome: Buffer | RouterError) => void) {
    this.#request = request
    this.#maxBytes = maxBytes
    this.#done = done
    request.deliver(this)
  }

  bodyPart(bytes: Buffer): void {
    this.#bytes += bytes.length
    if (this.#first === undefined) this.#first = bytes
    else if (this.#others === undefined) this.#others = [bytes]
    else this.#others.push(bytes)
    if (this.#bytes > this.#maxBytes)
      this.#fail(new RouterError('body_too_large', `body exceeds ${this.#maxBytes} bytes`))
  }

  bodyEnd(): void {
    const first = this.#first ?? NO_BYTES
    this.#done(this.#others === undefined ? first : Buffer.concat([first, ...this.#others]))
  }

  /** It should have been here within `timeoutMs`. */
  expire(timeoutMs: number): void {
    this.#fail(new RouterError('request_read_timeout', `no whole body within ${timeoutMs} ms`))
  }

  /** Nobody waits for it any more, because the client has gone or has been refused. */
  stop(): void {
    this.#request.keepRest()
    this.#request.pause()
  }

  #fail(error: RouterError): void {
    this.stop()
    this.#done(error)
  }
}
