import { type KeyDimension, parseKeyDimension } from '@lpr/contract'
import { batchKey } from './batch-key.ts'
import { collectHeaders } from './headers.ts'

function key(
  dimensions: string[],
  request: { headers?: string[]; query?: string; path?: Record<string, string>; ip?: string } = {},
) {
  const { headers = [], query = '', path = {}, ip = '' } = request
  const parsed = dimensions.map((text) => parseKeyDimension(text) as KeyDimension)
  return batchKey(parsed, {
    headers: collectHeaders(headers),
    rawQuery: query,
    pathParameters: Object.entries(path),
    sourceIp: ip,
  })
}

test('a missing, an empty and a repeated header are different keys', () => {
  const keys = [[], ['X', ''], ['X', 'a'], ['X', 'a', 'x', 'b'], ['X', 'a,b'], ['X', 'b', 'X', 'a']].map(
    (headers) => key(['header:x'], { headers }),
  )
  expect(new Set(keys).size).toBe(6)
})

test('dimensions of every kind tell requests apart', () => {
  expect(key(['query:q'], { query: 'q=1' })).not.toBe(key(['query:q'], { query: 'q=2' }))
  expect(key(['query:q'], { query: 'q=1&z=1' })).toBe(key(['query:q'], { query: 'z=2&q=1' }))
  expect(key(['path:id'], { path: { id: '1' } })).not.toBe(key(['path:id'], { path: { id: '2' } }))
  expect(key(['cookie:c'], { headers: ['Cookie', 'a=1; c=2'] })).not.toBe(
    key(['cookie:c'], { headers: ['Cookie', 'a=1'] }),
  )
  expect(key(['cookie:c'], { headers: ['Cookie', 'a=1', 'cookie', 'c=2'] })).toBe(
    key(['cookie:c'], { headers: ['Cookie', 'c=2'] }),
  )
  expect(key(['sourceIp'], { ip: '1.1.1.1' })).not.toBe(key(['sourceIp'], { ip: '2.2.2.2' }))
})

test('values cannot run into each other', () => {
  expect(key(['header:a', 'header:b'], { headers: ['A', 'x', 'B', ''] })).not.toBe(
    key(['header:a', 'header:b'], { headers: ['A', '', 'B', 'x'] }),
  )
  expect(key(['header:a', 'header:b'], { headers: ['A', '"],["', 'B', 'x'] })).not.toBe(
    key(['header:a', 'header:b'], { headers: ['A', '', 'B', '"],["x'] }),
  )
})
