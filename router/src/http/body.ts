import type { IncomingMessage } from 'node:http'
import type { Clock, Timer } from '../clock.ts'
import { RouterError } from '../errors.ts'

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

/** A body that is being read. */
export interface Upload {
  /** Nobody waits for it any more, because the client has gone or has been refused. */
  stop(): void
}

/** Reads a request body, and calls back once, unless stopped before: with it, or `body_too_large`, or `request_read_timeout`. */
export function readBody(
  request: IncomingMessage,
  { maxBytes, timeoutMs }: { maxBytes: number; timeoutMs: number },
  clock: Clock,
  done: (outcome: Buffer | RouterError) => void,
): Upload {
  const chunks: Buffer[] = []
  const declaredBytes = Number(request.headers['content-length'] ?? Number.POSITIVE_INFINITY)
  let bytes = 0
  let over = false
  let timer: Timer | undefined
  const stop = (): void => {
    over = true
    timer?.cancel()
    request.off('data', onData).off('end', onEnd).pause()
  }
  const fail = (error: RouterError): void => {
    stop()
    done(error)
  }
  const onData = (chunk: Buffer): void => {
    bytes += chunk.length
    chunks.push(chunk)
    if (bytes > maxBytes) fail(new RouterError('body_too_large', `body exceeds ${maxBytes} bytes`))
  }
  const onEnd = (): void => {
    // Nothing more comes, so the listeners may stay where they are.
    over = true
    timer?.cancel()
    done(chunks.length === 1 && chunks[0] !== undefined ? chunks[0] : Buffer.concat(chunks))
  }
  request.on('data', onData).on('end', onEnd)
  // Behind the tick in which Node hands out what came with the head. Mostly that is all, and no time has to be kept.
  process.nextTick(() => {
    if (over || bytes >= declaredBytes) return
    timer = clock.after(timeoutMs, () =>
      fail(new RouterError('request_read_timeout', `no whole body within ${timeoutMs} ms`)),
    )
  })
  return { stop }
}
