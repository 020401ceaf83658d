import { readBody, readHead } from './response.ts'

test('names are lower-cased, cookies become set-cookie, and framing headers are dropped', () => {
  const head = readHead({
    statusCode: 200,
    headers: {
      'Content-Type': 'a/b',
      'Content-Length': '9',
      Connection: 'close',
      'Transfer-Encoding': 'x',
      'Proxy-Any': 'y',
      TE: 'z',
    },
    cookies: [' a=1 ', '', 'b=2'],
  })
  expect(head.headers).toEqual([
    ...['content-type', 'a/b'],
    ...['set-cookie', 'a=1'],
    ...['set-cookie', 'b=2'],
  ])
})

test('multi-value headers are merged with the single ones and win on the same name', () => {
  const head = readHead({
    statusCode: 200,
    headers: { A: '1', b: '2' },
    multiValueHeaders: { a: ['3', 4], 'Set-Cookie': ['x', 'y'] },
  })
  expect(head.headers).toEqual([
    ...['b', '2'],
    ...['a', '3'],
    ...['a', '4'],
    ...['set-cookie', 'x'],
    ...['set-cookie', 'y'],
  ])
})

test('headers that the router sets cannot be forged', () => {
  expect(
    readHead({ statusCode: 200, headers: { 'X-Lpr-Error': 'timeout', 'x-lpr-request-id': 'r' } }).headers,
  ).toEqual([])
})

test('a name is judged alike the first time and every time after', () => {
  for (let time = 0; time < 3; time += 1) {
    expect(readHead({ statusCode: 200, headers: { 'X-Seen': time, 'Proxy-Seen': time } }).headers).toEqual([
      'x-seen',
      String(time),
    ])
    expect(() => readHead({ statusCode: 200, headers: { 'X Seen': time } })).toThrow('header name "X Seen"')
  }
})

test('header text beyond ASCII goes out as latin1 where that can say it, else as UTF-8', () => {
  const [, latin, , wide] = readHead({ statusCode: 200, headers: { a: 'é', b: '€' } }).headers
  expect(latin).toBe('é')
  expect(Buffer.from(wide ?? '', 'latin1').toString('utf8')).toBe('€')
})

test('lone surrogates in a body become replacement characters', () => {
  expect(Buffer.from(readBody({ body: 'a\ud800' })).toString()).toBe('a\ufffd')
})
