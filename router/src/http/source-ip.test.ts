import { collectHeaders } from './headers.ts'
import { sourceIp } from './source-ip.ts'

const forwarded = collectHeaders(['X-Forwarded-For', '6.6.6.6, 1.1.1.1', 'x-forwarded-for', '2.2.2.2'])

test.each([
  [0, '127.0.0.1'],
  [1, '2.2.2.2'],
  [2, '1.1.1.1'],
  [3, '6.6.6.6'],
  [4, '127.0.0.1'],
])('with TrustedProxyHops %i the source is %s', (hops, expected) => {
  expect(sourceIp(forwarded, '::ffff:127.0.0.1', hops)).toBe(expected)
})

test('without x-forwarded-for it is the address of the socket', () => {
  expect(sourceIp(new Map(), '::1', 1)).toBe('::1')
})
