import { Transform, type TransformCallback } from 'node:stream'
import type { HttpResponse } from 'lpr-lambda-adapter'
import type { AnyHandler } from './aws-lambda.ts'
import { PreludeReader } from './prelude.ts'
import { track } from './work.ts'

/** Content type that says: status and headers come first, then eight NUL bytes, then the body. */
const HTTP_RESPONSE = 'application/vnd.awslambda.http-integration-response'

/** Has a streaming handler answer one item. Resolves as soon as the head is known; the body follows. */
export function answerOnStream(handler: AnyHandler, event: unknown, context: unknown): Promise<HttpResponse> {
  const stream = new ItemStream()
  return new Promise((resolve, reject) => {
    stream.once('head', (head: HttpResponse) => resolve({ ...head, body: stream }))
    stream.once('error', reject)
    // After the head the error reaches whoever reads the body.
    const work = run(handler, event, stream, context).catch((error: unknown) => stream.fail(error))
    track(context, work)
  })
}

async function run(handler: AnyHandler, event: unknown, stream: ItemStream, context: unknown): Promise<void> {
  const result = handler(event, stream, context)
  const isAsync = typeof result === 'object' && result !== null && 'then' in result
  if (!isAsync) throw new Error('Streaming does not support non-async handlers.')
  await result
}

/**
 * The response stream of one item: to a handler what the runtime's own is to it, and readable for the adapter. Emits
 * `head` with status and headers as soon as it has read them from what the handler wrote.
 */
export class ItemStream extends Transform {
  /** Called before anything else is written. Libraries set it that carry their own `HttpResponseStream`. */
  _onBeforeFirstWrite: ((write: (chunk: string | Uint8Array) => void) => void) | undefined
  #contentType = 'application/octet-stream'
  #prelude: PreludeReader | undefined
  #begun = false
  #headSent = false

  constructor() {
    super()
    // The failure of one item, or a client that left, must not end the process under the others.
    this.on('error', () => {})
  }

  setContentType(contentType: string): void {
    if (this.#begun) {
      const error = new Error('Cannot set content-type, too late.')
      throw Object.assign(error, { name: 'Runtime.InvalidStreamingOperation' })
    }
    this.#contentType = contentType
  }

  /** Status, headers and cookies of the response. */
  setPrelude(prelude: unknown): this {
    this.setContentType(HTTP_RESPONSE)
    const json = JSON.stringify(prelude)
    this._onBeforeFirstWrite = (write) => {
      write(json)
      write(new Uint8Array(8))
    }
    return this
  }

  /** Ends the response as failed. Nobody would hear of an error after its end, so that is only logged. */
  fail(error: unknown): void {
    if (this.readableEnded) console.error('the handler failed after its answer was complete:', error)
    else this.destroy(error instanceof Error ? error : new Error(String(error), { cause: error }))
  }

  /** As of any writable stream; in addition, what is neither text nor bytes is written as JSON, as the runtime does. */
  override write(chunk: unknown, ...rest: unknown[]): boolean {
    const data = typeof chunk === 'string' || chunk instanceof Uint8Array ? chunk : JSON.stringify(chunk)
    return super.write(data, ...(rest as [BufferEncoding, () => void]))
  }

  override _transform(chunk: Buffer, _encoding: BufferEncoding, done: TransformCallback): void {
    this.#attempt(done, () => {
      this.#begin()
      this.#take(chunk)
    })
  }

  override _flush(done: TransformCallback): void {
    this.#attempt(done, () => {
      this.#begin()
      this.#prelude?.end()
    })
  }

  #attempt(done: TransformCallback, step: () => void): void {
    try {
      step()
    } catch (error) {
      done(error as Error)
      return
    }
    done()
  }

  #begin(): void {
    if (this.#begun) return
    this.#begun = true
    if (this.#contentType === HTTP_RESPONSE) this.#prelude = new PreludeReader()
    else this.#sendHead({ statusCode: 200, headers: { 'content-type': this.#contentType } })
    this._onBeforeFirstWrite?.((chunk) => this.#take(Buffer.from(chunk as Uint8Array)))
  }

  #take(chunk: Buffer): void {
    if (this.#headSent || this.#prelude === undefined) {
      this.push(chunk)
      return
    }
    const read = this.#prelude.push(chunk)
    if (read === undefined) return
    this.#sendHead(read.head)
    if (read.rest.length > 0) this.push(read.rest)
  }

  #sendHead(head: HttpResponse): void {
    this.#headSent = true
    this.emit('head', head)
  }
}
