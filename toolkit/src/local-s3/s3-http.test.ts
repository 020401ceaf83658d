import { type IncomingHttpHeaders, request } from 'node:http'
import { afterEach, beforeEach, expect, test } from '@jest/globals'
import { LocalS3 } from './index.ts'

let s3: LocalS3
beforeEach(async () => {
  s3 = await LocalS3.start({ buckets: ['configs'] })
})
afterEach(() => s3.stop())

test('a key is taken as it is, whatever a path would make of it', async () => {
  for (const Key of ['../up', 'a/../b', '/leading', 'double//slash', 'dot/.']) {
    const { status } = await raw('PUT', `/configs/${Key}`, {}, Key)
    expect([Key, status, s3.objects('configs').get(Key)?.body.toString()]).toEqual([Key, 200, Key])
  }
})

test('an error is a document that names what it is about', async () => {
  const { status, headers, text } = await raw('PATCH', '/configs/a%26b')
  expect(status).toBe(405)
  expect(headers['content-type']).toBe('application/xml')
  expect(text).toBe(
    '<?xml version="1.0" encoding="UTF-8"?>\n<Error><Code>MethodNotAllowed</Code>' +
      '<Message>The specified method is not allowed against this resource.</Message>' +
      '<Method>PATCH</Method><ResourceType>OBJECT</ResourceType><Resource>/configs/a%26b</Resource>' +
      `<RequestId>${headers['x-amz-request-id']}</RequestId><HostId>local</HostId></Error>`,
  )
})

test('a checksum in a trailer is checked', async () => {
  const headers = { 'content-encoding': 'aws-chunked', 'x-amz-decoded-content-length': '5' }
  const chunked = (checksum: string) => `5\r\nabcde\r\n0\r\nx-amz-checksum-crc32:${checksum}\r\n\r\n`
  expect((await raw('PUT', '/configs/k', headers, chunked('hYfYZQ=='))).status).toBe(200)
  const refused = await raw('PUT', '/configs/k', headers, chunked('AAAAAA=='))
  expect([refused.status, refused.text]).toEqual([400, expect.stringContaining('<Code>BadDigest</Code>')])
})

function raw(
  method: string,
  path: string,
  headers: Record<string, string> = {},
  body = '',
): Promise<{ status: number | undefined; headers: IncomingHttpHeaders; text: string }> {
  return new Promise((resolve, reject) => {
    const { hostname, port } = new URL(s3.url)
    // As an option, so that the path is sent as it is.
    const call = request({ hostname, port, path, method, headers }, (response) => {
      let text = ''
      response.setEncoding('utf8').on('data', (piece) => {
        text += piece
      })
      response.on('end', () => resolve({ status: response.statusCode, headers: response.headers, text }))
    })
    call.on('error', reject).end(body)
  })
}
