import { headerField } from './header-field.ts'

const read = (name: string, value: string) => JSON.parse(`{${headerField(name, value)}}`)

test('a header is told as it came, however often the same one came before', () => {
  const values = ['a', 'a', 'a', 'b', 'a', 'a', '', '', 'say "hi"\\', 'say "hi"\\', 'caf\xe9', 'caf\xe9', 'a']
  for (const value of values) expect(read('x-told', value)).toEqual({ 'x-told': value })
})

test('names are told apart', () => {
  for (let round = 0; round < 3; round++) {
    expect(read('x-one', 'same')).toEqual({ 'x-one': 'same' })
    expect(read('x-two', 'same')).toEqual({ 'x-two': 'same' })
  }
})

test('a long value is told as it came, and a short one behind it', () => {
  const long = 'x'.repeat(5000)
  for (const value of [long, long, 'short', 'short', long, ''])
    expect(read('x-long', value)).toEqual({ 'x-long': value })
})

test('more names than are kept are told all the same', () => {
  for (let round = 0; round < 3; round++) {
    for (let name = 0; name < 1000; name++)
      expect(read(`x-${name}`, `${name}`)).toEqual({ [`x-${name}`]: `${name}` })
  }
})

test.each(['__proto__', 'constructor'])('%s is a name like any other', (name) => {
  for (let round = 0; round < 3; round++) expect(Object.entries(read(name, 'x'))).toEqual([[name, 'x']])
})
