import { expect, test } from '@jest/globals'
import { decodeAwsChunked } from './aws-chunked.ts'

test('chunks are put together, signatures and trailers read past', () => {
  const encoded = '3;chunk-signature=f00\r\nabc\r\n2\r\nde\r\n0\r\nX-Amz-Checksum-CRC32: hYfYZQ==\r\n\r\n'
  const { body, trailers } = decodeAwsChunked(Buffer.from(encoded), 5)
  expect(body.toString()).toBe('abcde')
  expect(trailers).toEqual({ 'x-amz-checksum-crc32': 'hYfYZQ==' })
})

test('a chunk may hold what looks like framing', () => {
  const { body, trailers } = decodeAwsChunked(Buffer.from('7\r\n0\r\n\r\n0\n\r\n0\r\n\r\n'), undefined)
  expect(body.toString()).toBe('0\r\n\r\n0\n')
  expect(trailers).toEqual({})
})

test.each([
  ['5\r\nabcd', 'IncompleteBody'],
  ['5\r\nabcde\r\n', 'IncompleteBody'],
  ['4\r\nabcd\r\n0\r\n\r\n', 'IncompleteBody'],
  ['6\r\nabcde\r\n0\r\n\r\n', 'IncompleteBody'],
  ['zz\r\nabcde\r\n0\r\n\r\n', 'InvalidRequest'],
])('%j is refused', (encoded, code) => {
  expect(() => decodeAwsChunked(Buffer.from(encoded), 5)).toThrow(
    expect.objectContaining({ code, status: 400 }),
  )
})
