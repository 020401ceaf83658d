import { once } from 'node:events'
import type { ServerResponse } from 'node:http'
import { FunctionFailure, ServiceError } from './errors.ts'
import {
  EVENT_STREAM_CONTENT_TYPE,
  type InvokeComplete,
  invokeComplete,
  payloadChunk,
} from './event-stream.ts'
import { responseTooLarge } from './function-response.ts'
import type { InvocationOutput } from './invocation.ts'
import { MAX_PAYLOAD_BYTES } from './limits.ts'
import type { LogTail } from './log-lines.ts'

/** What both operations need to write their answer. */
export interface Reply {
  http: ServerResponse
  executedVersion: string
  /** Given when the caller asked for the log. */
  log?: LogTail
}

/** Answers `Invoke`: the whole payload at the end. */
export class BufferedOutput implements InvocationOutput {
  readonly streams = false
  readonly #reply: Reply
  #chunks: Buffer[] = []
  #size = 0

  constructor(reply: Reply) {
    this.#reply = reply
  }

  begin(): void {}

  async write(bytes: Buffer): Promise<void> {
    this.#size += bytes.length
    if (this.#size <= MAX_PAYLOAD_BYTES) this.#chunks.push(bytes)
    else this.#chunks = []
  }

  end(failure: FunctionFailure | ServiceError | undefined): void {
    const { http } = this.#reply
    if (failure instanceof ServiceError) {
      sendServiceError(http, failure)
      return
    }
    const tooLarge = this.#size > MAX_PAYLOAD_BYTES ? responseTooLarge(MAX_PAYLOAD_BYTES) : undefined
    const failed = failure ?? tooLarge
    const payload = failed?.payload ?? Buffer.concat(this.#chunks)
    http.writeHead(200, {
      'Content-Type': 'application/json',
      'Content-Length': payload.length,
      ...replyHeaders(this.#reply),
      ...(failed !== undefined && { 'X-Amz-Function-Error': 'Unhandled' }),
    })
    http.end(payload)
  }
}

/** Answers `InvokeWithResponseStream`: each piece as an event when it arrives, then `InvokeComplete`. */
export class StreamOutput implements InvocationOutput {
  readonly streams = true
  readonly #reply: Reply
  readonly #ended = new AbortController()

  constructor(reply: Reply) {
    this.#reply = reply
  }

  begin(contentType: string): void {
    const { http, executedVersion } = this.#reply
    if (http.headersSent || this.#ended.signal.aborted) return
    http.writeHead(200, {
      'Content-Type': EVENT_STREAM_CONTENT_TYPE,
      'X-Amz-Executed-Version': executedVersion,
      'X-Amzn-Remapped-Content-Type': contentType,
    })
    // The caller learns that the answer has begun before its first byte.
    http.flushHeaders()
  }

  async write(bytes: Buffer): Promise<void> {
    for (let at = 0; at < bytes.length; at += MAX_CHUNK_BYTES) {
      const { http } = this.#reply
      // A caller that left is written to no more, and does not stop the function.
      if (this.#ended.signal.aborted || http.destroyed) return
      const flowing = http.write(payloadChunk(bytes.subarray(at, at + MAX_CHUNK_BYTES)))
      if (!flowing) await drained(http, this.#ended.signal)
    }
  }

  end(failure: FunctionFailure | ServiceError | undefined): void {
    if (this.#ended.signal.aborted) return
    const { http, log } = this.#reply
    if (failure instanceof ServiceError && !http.headersSent) sendServiceError(http, failure)
    else {
      this.begin('application/octet-stream')
      http.end(invokeComplete(completion(failure, log)))
    }
    this.#ended.abort()
  }
}

/** Answers with an error of the service, in the form of the REST-JSON protocol. */
export function sendServiceError(http: ServerResponse, error: ServiceError): void {
  if (http.headersSent || http.destroyed) return
  const body = JSON.stringify(error.body)
  http.writeHead(error.status, {
    'Content-Type': 'application/json',
    'Content-Length': Buffer.byteLength(body),
    'X-Amzn-ErrorType': error.type,
    ...(error.retryAfterSeconds !== undefined && { 'Retry-After': error.retryAfterSeconds }),
  })
  http.end(body)
}

/** Takes the answer of an asynchronous invocation, which nobody waits for. */
export const discardingOutput: InvocationOutput = {
  streams: false,
  begin() {},
  async write() {},
  end() {},
}

/** Larger pieces are cut, so that a caller's backpressure is felt within one of them. */
const MAX_CHUNK_BYTES = 256 * 1024

function completion(
  failure: FunctionFailure | ServiceError | undefined,
  log: LogTail | undefined,
): InvokeComplete {
  const LogResult = log?.toBase64()
  return {
    ...(failure instanceof FunctionFailure && {
      ErrorCode: failure.errorType,
      ErrorDetails: failure.payload.toString('utf8'),
    }),
    ...(failure instanceof ServiceError && {
      ErrorCode: failure.type,
      ErrorDetails: JSON.stringify(failure.body),
    }),
    ...(LogResult !== undefined && { LogResult }),
  }
}

function replyHeaders({ executedVersion, log }: Reply): Record<string, string> {
  return {
    'X-Amz-Executed-Version': executedVersion,
    ...(log !== undefined && { 'X-Amz-Log-Result': log.toBase64() }),
  }
}

/** Resolves when the caller takes more, when it leaves, and when the stream is ended without waiting for it. */
async function drained(http: ServerResponse, ended: AbortSignal): Promise<void> {
  const settled = new AbortController()
  const signal = AbortSignal.any([settled.signal, ended])
  await Promise.race(['drain', 'close'].map((event) => once(http, event, { signal }).catch(() => undefined)))
  settled.abort()
}
