import type { ClientRequest } from 'node:http'
import { Writable } from 'node:stream'
import { finished } from 'node:stream/promises'
import { RuntimeError, toErrorReport } from './errors.ts'
import { endWithError, type RuntimeClient } from './runtime-client.ts'

const HTTP_RESPONSE_CONTENT_TYPE = 'application/vnd.awslambda.http-integration-response'

/** Separates the prelude of an HTTP response from its body. */
const PRELUDE_END = Buffer.alloc(8)

/** The stream that a streaming handler writes its response to. The first write opens the response. */
export class ResponseStream extends Writable {
  readonly #client: RuntimeClient
  readonly #requestId: string
  #contentType = 'application/octet-stream'
  #prelude: string | undefined
  #written = false
  #response: { body: ClientRequest; accepted: Promise<void> } | undefined

  constructor(client: RuntimeClient, requestId: string, highWaterMark?: number) {
    super({ decodeStrings: true, ...(highWaterMark !== undefined && { highWaterMark }) })
    this.#client = client
    this.#requestId = requestId
  }

  /** Whether anything has been sent: after that an error can only end the stream. */
  get opened(): boolean {
    return this.#response !== undefined
  }

  /** Throws `Runtime.InvalidStreamingOperation` after the first write. */
  setContentType(contentType: string): void {
    if (this.#response !== undefined || this.writableLength > 0) {
      throw new RuntimeError('Runtime.InvalidStreamingOperation', 'Cannot set content-type, too late.')
    }
    this.#contentType = contentType
  }

  /** Makes the response an HTTP response: status, headers and cookies leave with the first write. */
  setHttpPrelude(prelude: unknown): void {
    this.setContentType(HTTP_RESPONSE_CONTENT_TYPE)
    this.#prelude = JSON.stringify(prelude)
  }

  /** As of any writable stream; in addition, what is neither text nor bytes is written as JSON. */
  override write(chunk: unknown, ...rest: unknown[]): boolean {
    this.#written = true
    const data = typeof chunk === 'string' || chunk instanceof Uint8Array ? chunk : JSON.stringify(chunk)
    return super.write(data, ...(rest as [BufferEncoding, () => void]))
  }

  /** Resolves when the stream was ended and the Runtime API has taken all of it; rejects when it broke. */
  async ended(): Promise<void> {
    await finished(this)
    await this.#response?.accepted
  }

  /** Ends an opened response with an error. Does nothing once the response is complete. */
  async fail(error: unknown): Promise<void> {
    const response = this.#response
    if (response === undefined || response.body.writableEnded || response.body.destroyed) return
    endWithError(response.body, toErrorReport(error))
    await response.accepted
  }

  override _write(chunk: Buffer, _encoding: BufferEncoding, callback: (error?: Error | null) => void): void {
    const body = this.#open()
    // In Lambda too, the prelude waits for a call of `write`: `end(chunk)` alone sends the chunk without it.
    if (this.#prelude !== undefined && this.#written) {
      body.write(this.#prelude)
      body.write(PRELUDE_END)
      this.#prelude = undefined
    }
    if (chunk.length === 0) callback()
    else body.write(chunk, callback)
  }

  override _final(callback: (error?: Error | null) => void): void {
    this.#open().end(callback)
  }

  #open(): ClientRequest {
    if (this.#response === undefined) {
      this.#response = this.#client.openResponse(this.#requestId, this.#contentType)
      this.#response.accepted.catch((error: Error) => this.destroy(error))
    }
    return this.#response.body
  }
}
