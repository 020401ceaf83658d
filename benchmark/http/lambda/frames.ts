import { crc32 } from 'node:zlib'

/**
 * Frames of `application/vnd.amazon.eventstream`. Made by hand and with Node's own checksum because the SDK's encoder
 * would cost this stand-in more CPU than the router under test has to spend on decoding.
 * https://docs.aws.amazon.com/lambda/latest/api/API_InvokeWithResponseStream.html
 */
const STRING_TYPE = 7
const PRELUDE_BYTES = 12
const CHECKSUM_BYTES = 4

const PAYLOAD_HEADERS = headers({
  ':event-type': 'PayloadChunk',
  ':content-type': 'application/octet-stream',
  ':message-type': 'event',
})

/** A part of a function's answer. */
export function payloadChunk(payload: Buffer): Buffer {
  return frame(PAYLOAD_HEADERS, payload)
}

/** The proper end of a stream. */
export const INVOKE_COMPLETE = frame(
  headers({ ':event-type': 'InvokeComplete', ':content-type': 'application/json', ':message-type': 'event' }),
  Buffer.from('{}'),
)

function frame(head: Buffer, payload: Buffer): Buffer {
  const length = PRELUDE_BYTES + head.length + payload.length + CHECKSUM_BYTES
  const bytes = Buffer.allocUnsafe(length)
  bytes.writeUInt32BE(length, 0)
  bytes.writeUInt32BE(head.length, 4)
  bytes.writeUInt32BE(crc32(bytes.subarray(0, 8)), 8)
  head.copy(bytes, PRELUDE_BYTES)
  payload.copy(bytes, PRELUDE_BYTES + head.length)
  bytes.writeUInt32BE(crc32(bytes.subarray(0, length - CHECKSUM_BYTES)), length - CHECKSUM_BYTES)
  return bytes
}

function headers(values: Record<string, string>): Buffer {
  const parts = Object.entries(values).map(([name, value]) => {
    const field = Buffer.alloc(1 + name.length + 3 + value.length)
    field.writeUInt8(name.length, 0)
    field.write(name, 1, 'latin1')
    field.writeUInt8(STRING_TYPE, 1 + name.length)
    field.writeUInt16BE(value.length, 2 + name.length)
    field.write(value, 4 + name.length, 'latin1')
    return field
  })
  return Buffer.concat(parts)
}
