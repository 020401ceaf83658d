import { collectHeaders, HeaderPolicy } from './headers.ts'

const raw = [
  'Host',
  'h',
  'Connection',
  'close, X-Mine',
  'X-Mine',
  '1',
  'TE',
  'x',
  'Proxy-Connection',
  'y',
  'A',
  '1',
  'a',
  '2',
  'B',
  '3',
]

test.each([
  [
    'by default all but hop-by-hop headers, and those that Connection names, are forwarded',
    {},
    ['host', 'a', 'b'],
  ],
  ['ForwardHeaders.Deny drops headers', { Deny: [' A '] }, ['host', 'b']],
  ['ForwardHeaders.Allow keeps only what it lists, never hop-by-hop headers', { Allow: ['b', 'TE'] }, ['b']],
  ['Deny wins over Allow', { Allow: ['a', 'b'], Deny: ['b'] }, ['a']],
])('%s', (_, forward, names) => {
  const policy = new HeaderPolicy({ Allow: [], Deny: [], ...forward })
  const headers = collectHeaders(raw)
  policy.apply(headers)
  expect([...headers.keys()]).toEqual(names)
})

test('names are in lower case, whatever the request before had in their places', () => {
  const lists = [
    ['Accept', '1', 'X-B', '2'],
    ['accept', '3', 'X-B', '4', 'X-b', '5'],
    ['X-B', '6', 'Accept', '7'],
  ]
  expect(lists.map((list) => Object.fromEntries(collectHeaders(list)))).toEqual([
    { accept: ['1'], 'x-b': ['2'] },
    { accept: ['3'], 'x-b': ['4', '5'] },
    { 'x-b': ['6'], accept: ['7'] },
  ])
})
