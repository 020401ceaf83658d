import { EventStreamCodec } from '@smithy/core/event-streams'

/** Media type of a response that consists of event-stream messages. */
export const EVENT_STREAM_CONTENT_TYPE = 'application/vnd.amazon.eventstream'

/** Last event of a stream: empty on success. */
export interface InvokeComplete {
  ErrorCode?: string
  /** JSON document that describes the error. */
  ErrorDetails?: string
  /** Base64 of the last 4 KB of the log. */
  LogResult?: string
}

/** Encodes a piece of the function's response. Its boundaries carry no meaning. */
export function payloadChunk(bytes: Uint8Array): Uint8Array {
  return message('PayloadChunk', 'application/octet-stream', bytes)
}

/** Encodes the event without which a client takes the stream for broken. */
export function invokeComplete(event: InvokeComplete): Uint8Array {
  return message('InvokeComplete', 'application/json', Buffer.from(JSON.stringify(event)))
}

const codec = new EventStreamCodec(
  (bytes) => Buffer.from(bytes as Uint8Array).toString('utf8'),
  (text) => Buffer.from(text, 'utf8'),
)

function message(eventType: string, contentType: string, body: Uint8Array): Uint8Array {
  const headers = {
    ':event-type': { type: 'string' as const, value: eventType },
    ':content-type': { type: 'string' as const, value: contentType },
    ':message-type': { type: 'string' as const, value: 'event' },
  }
  return codec.encode({ headers, body })
}
