import { EventStreamCodec, getChunkedStream, getUnmarshalledStream } from '@smithy/core/event-streams'
import type { Message } from '@smithy/types'
import { InvokeError } from '../invoker.ts'

/** The two kinds of events that the API knows; `$unknown` is how the SDK's reader is told of others. */
interface StreamEvent {
  payload?: Uint8Array
  complete?: { ErrorCode?: string; ErrorDetails?: string }
  $unknown?: true
}

const fromUtf8 = (text: string): Uint8Array => Buffer.from(text, 'utf8')
const codec = new EventStreamCodec(toUtf8, fromUtf8)

/**
 * The payload of an InvokeWithResponseStream answer, its frames taken apart by the SDK's own codec. A stream that ends
 * without `InvokeComplete` is a broken connection.
 * https://docs.aws.amazon.com/lambda/latest/api/API_InvokeWithResponseStream.html
 */
export async function* payloadChunks(body: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  const frames = getChunkedStream(body)
  const events = getUnmarshalledStream(frames, { eventStreamCodec: codec, deserializer: readEvent, toUtf8 })
  let complete = false
  for await (const event of events) {
    if (event.payload !== undefined && event.payload.length > 0) yield event.payload
    if (event.complete === undefined) continue
    complete = true
    const { ErrorCode, ErrorDetails } = event.complete
    if (ErrorCode !== undefined)
      throw new InvokeError('function_error', `${ErrorCode}: ${ErrorDetails ?? ''}`)
  }
  if (!complete) throw new InvokeError('transport', 'the response stream ended without InvokeComplete')
}

async function readEvent({ PayloadChunk, InvokeComplete }: Record<string, Message>): Promise<StreamEvent> {
  if (PayloadChunk !== undefined) return { payload: PayloadChunk.body }
  if (InvokeComplete === undefined) return { $unknown: true }
  const text = toUtf8(InvokeComplete.body)
  return { complete: text === '' ? {} : JSON.parse(text) }
}

function toUtf8(input: Uint8Array | string): string {
  if (typeof input === 'string') return input
  return Buffer.from(input.buffer, input.byteOffset, input.byteLength).toString('utf8')
}
