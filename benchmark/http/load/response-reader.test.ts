import { ResponseReader } from './response-reader.ts'

const SIZED = 'HTTP/1.1 200 OK\r\nContent-Length: 5\r\nRetry-After: 3\r\n\r\nhello'
const CHUNKED = 'HTTP/1.1 201 Created\r\ntransfer-encoding: chunked\r\n\r\n5\r\nhello\r\n1\r\n!\r\n0\r\n\r\n'
const EMPTY = 'HTTP/1.1 204 No Content\r\n\r\n'
const INTERIM = 'HTTP/1.1 100 Continue\r\n\r\n'

/** What the reader says of bytes that come in pieces of this size. */
function readIn(pieces: number, text: string): string[] {
  const said: string[] = []
  const reader = new ResponseReader({
    onHead: (head) => said.push(`${head.status} ${head.header('retry-after') ?? '-'}`),
    onFirstByte: () => said.push('body'),
    onEnd: () => said.push('end'),
  })
  const bytes = Buffer.from(text)
  for (let at = 0; at < bytes.length; at += pieces) reader.push(bytes.subarray(at, at + pieces))
  return said
}

test.each([1, 2, 3, 7, 1000])('responses are told apart in pieces of %d bytes', (pieces) => {
  expect(readIn(pieces, SIZED + INTERIM + CHUNKED + EMPTY + SIZED)).toEqual([
    ...['200 3', 'body', 'end'],
    ...['201 -', 'body', 'end'],
    ...['204 -', 'end'],
    ...['200 3', 'body', 'end'],
  ])
})

test('a response that is not whole has not ended', () => {
  expect(readIn(1000, SIZED.slice(0, -1))).toEqual(['200 3', 'body'])
  expect(readIn(1000, CHUNKED.slice(0, -1))).toEqual(['201 -', 'body'])
})
