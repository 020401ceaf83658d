import { readHeaders } from './headers.ts'

test('values that are no text are made text, and missing ones are dropped', () => {
  const headers = { a: 1, b: true, c: null, d: undefined, e: new URL('https://example.com/x'), f: 10n }
  expect(readHeaders({ headers })).toEqual({
    headers: { a: '1', b: 'true', e: 'https://example.com/x', f: '10' },
  })
})

test('several values of a name reach every router: apart for those that know how, joined for the others', () => {
  expect(readHeaders({ headers: { 'X-Tag': ['a', 'b'], single: ['only'], none: [] } })).toEqual({
    headers: { 'X-Tag': 'a, b', single: 'only' },
    multiValueHeaders: { 'X-Tag': ['a', 'b'] },
  })
})

test('where both maps have a name the multi-value one wins, whatever the case', () => {
  const value = { headers: { 'X-Tag': 'old', other: 'kept' }, multiValueHeaders: { 'x-tag': ['new'] } }
  expect(readHeaders(value)).toEqual({ headers: { 'x-tag': 'new', other: 'kept' } })
})

test('names that differ only by case are one name', () => {
  expect(readHeaders({ headers: { Vary: 'a', vary: 'b' } })).toEqual({
    headers: { Vary: 'a, b' },
    multiValueHeaders: { Vary: ['a', 'b'] },
  })
})

test('set-cookie moves to the cookies, each value on its own', () => {
  const value = {
    headers: { 'Set-Cookie': ['a=1; Path=/, x', 'b=2'] },
    multiValueHeaders: { other: ['x'] },
    cookies: [' c=3 ', '', 4],
  }
  expect(readHeaders(value)).toEqual({
    headers: { other: 'x' },
    cookies: ['c=3', '4', 'a=1; Path=/, x', 'b=2'],
  })
})

test('lone surrogates in names, values and cookies are replaced', () => {
  const value = { headers: { 'x\ud800': 'v\udfff' }, cookies: ['c=\ud800'] }
  expect(readHeaders(value)).toEqual({ headers: { 'x\ufffd': 'v\ufffd' }, cookies: ['c=\ufffd'] })
})

test('headers that are no map, and values that cannot be text, are errors', () => {
  expect(() => readHeaders({ headers: ['a: b'] })).toThrow('headers: expected an object of values')
  expect(() => readHeaders({ headers: { a: Object.create(null) } })).toThrow(TypeError)
})
