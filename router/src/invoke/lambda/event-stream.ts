import { EventStreamCodec } from '@smithy/core/event-streams'
import type { Message, MessageHeaders } from '@smithy/types'
import { InvokeError } from '../invoker.ts'
import { FrameCutter } from './frame-cutter.ts'

const fromUtf8 = (text: string): Uint8Array => Buffer.from(text, 'utf8')
const codec = new EventStreamCodec(toUtf8, fromUtf8)

/**
 * The payload of an InvokeWithResponseStream answer, its messages read by the SDK's own codec. A stream that ends without
 * `InvokeComplete` is a broken connection.
 * https://docs.aws.amazon.com/lambda/latest/api/API_InvokeWithResponseStream.html
 */
export class EventStream {
  readonly #onPayload: (bytes: Buffer) => void
  readonly #frames = new FrameCutter((frame) => this.#message(codec.decode(frame)))
  #complete = false
  #failure: InvokeError | undefined

  constructor(onPayload: (bytes: Buffer) => void) {
    this.#onPayload = onPayload
  }

  /** Throws at what is no event stream, and at an exception of the service. */
  push(bytes: Buffer): void {
    this.#frames.push(bytes)
  }

  /** To be called at the end of the answer. Throws InvokeError if the function has failed, or if more was to come. */
  end(): void {
    if (this.#failure !== undefined) throw this.#failure
    if (!this.#complete)
      throw new InvokeError('transport', 'the response stream ended without InvokeComplete')
  }

  #message({ headers, body }: Message): void {
    switch (textOf(headers, ':message-type')) {
      case 'event':
        this.#event(textOf(headers, ':event-type'), body)
        break
      case 'exception':
        throw new InvokeError('transport', `${textOf(headers, ':exception-type')}: ${toUtf8(body)}`)
      case 'error':
        throw new InvokeError(
          'transport',
          `${textOf(headers, ':error-code')}: ${textOf(headers, ':error-message')}`,
        )
    }
  }

  /** Kinds of events that are yet to be thought of are left out. */
  #event(type: string, body: Uint8Array): void {
    if (type === 'PayloadChunk' && body.length > 0) this.#onPayload(bufferOf(body))
    if (type !== 'InvokeComplete') return
    this.#complete = true
    const { ErrorCode, ErrorDetails = '' } = body.length === 0 ? {} : JSON.parse(toUtf8(body))
    if (ErrorCode !== undefined)
      this.#failure = new InvokeError('function_error', `${ErrorCode}: ${ErrorDetails}`)
  }
}

function textOf(headers: MessageHeaders, name: string): string {
  return String(headers[name]?.value ?? '')
}

function toUtf8(input: Uint8Array | string): string {
  return typeof input === 'string' ? input : bufferOf(input).toString('utf8')
}

/** The same bytes, not a copy. */
function bufferOf({ buffer, byteOffset, byteLength }: Uint8Array): Buffer {
  return Buffer.from(buffer, byteOffset, byteLength)
}
