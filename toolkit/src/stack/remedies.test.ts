import { findingFrom } from './remedies.ts'

test.each([
  ['A.x-lpr.maxBatchSiz: unknown key, did you mean maxBatchSize?', 'write maxBatchSize'],
  ['A.x-lpr.frob: unknown key', 'remove the key'],
  ['A.paths./a.b/{id}.get.x-lpr.maxBatchSize: is required but missing', 'add maxBatchSize'],
  ['A.Port: must be a number, got "x"', undefined],
])('%s has the remedy %s', (message, remedy) => {
  expect(findingFrom(message, undefined)).toEqual(remedy === undefined ? { message } : { message, remedy })
})

test('the place is kept', () => {
  const place = { file: 't.yaml', line: 1, column: 2 }
  expect(findingFrom('A: must be a map', place)).toEqual({ message: 'A: must be a map', place })
})
