import { EventStreamCodec } from '@smithy/core/event-streams'

/**
 * Frames of `application/vnd.amazon.eventstream` as InvokeWithResponseStream sends them, checksums included.
 * https://docs.aws.amazon.com/lambda/latest/api/API_InvokeWithResponseStream.html
 */
const codec = new EventStreamCodec(
  (bytes) => (typeof bytes === 'string' ? bytes : Buffer.from(bytes).toString('utf8')),
  (text) => Buffer.from(text, 'utf8'),
)

/** Bytes of the function's answer; their boundaries carry no meaning. */
export function payloadChunk(payload: Uint8Array | string): Buffer {
  return frame(
    { ':event-type': 'PayloadChunk', ':content-type': 'application/octet-stream', ':message-type': 'event' },
    payload,
  )
}

/** What a failed function's last frame says; a good one says nothing. */
export interface CompleteDetails {
  ErrorCode?: string
  ErrorDetails?: string
  LogResult?: string
}

export function invokeComplete(details: CompleteDetails = {}): Buffer {
  return frame(
    { ':event-type': 'InvokeComplete', ':content-type': 'application/json', ':message-type': 'event' },
    JSON.stringify(details),
  )
}

/** A modelled exception of the service, in the middle of a stream. */
export function exceptionFrame(type: string, message: string): Buffer {
  return frame(
    { ':message-type': 'exception', ':exception-type': type, ':content-type': 'application/json' },
    JSON.stringify({ message }),
  )
}

/** An error that the service has no shape for. */
export function errorFrame(code: string, message: string): Buffer {
  return frame({ ':message-type': 'error', ':error-code': code, ':error-message': message }, '')
}

/** The same frame with one bit of its last checksum wrong. */
export function corrupted(whole: Buffer): Buffer {
  const copy = Buffer.from(whole)
  copy.writeUInt8(copy.readUInt8(copy.length - 1) ^ 1, copy.length - 1)
  return copy
}

function frame(headers: Record<string, string>, payload: Uint8Array | string): Buffer {
  const typed = Object.entries(headers).map(
    ([name, value]) => [name, { type: 'string' as const, value }] as const,
  )
  return Buffer.from(codec.encode({ headers: Object.fromEntries(typed), body: Buffer.from(payload) }))
}
