import { expect, test } from '@jest/globals'
import { invokeComplete, payloadChunk } from './event-stream.ts'

// Written out by hand, field by field; the checksums were computed apart, with Python's zlib.crc32.

test('a payload chunk is framed byte for byte as Lambda frames it', () => {
  expect(hexOf(payloadChunk(Buffer.from('abc')))).toBe(
    [
      '0000006d', // whole message: 12 of prelude, 90 of headers, 3 of payload, 4 of checksum
      '0000005a', // headers: 27 + 41 + 22
      '8f3ed47f', // checksum of the eight bytes before it
      `0b${text(':event-type')}07000c${text('PayloadChunk')}`,
      `0d${text(':content-type')}070018${text('application/octet-stream')}`,
      `0d${text(':message-type')}070005${text('event')}`,
      text('abc'),
      '30c8fa65', // checksum of everything before it
    ].join(''),
  )
})

test('the end of a stream is framed byte for byte as Lambda frames it', () => {
  expect(hexOf(invokeComplete({}))).toBe(
    [
      '00000066', // 12 + 84 + 2 + 4
      '00000054', // 29 + 33 + 22
      '1f56c869',
      `0b${text(':event-type')}07000e${text('InvokeComplete')}`,
      `0d${text(':content-type')}070010${text('application/json')}`,
      `0d${text(':message-type')}070005${text('event')}`,
      text('{}'),
      '7006d467',
    ].join(''),
  )
})

function hexOf(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString('hex')
}

function text(value: string): string {
  return Buffer.from(value).toString('hex')
}
