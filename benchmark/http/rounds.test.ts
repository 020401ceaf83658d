import { turnsOf } from './rounds.ts'

test('every subject has one turn a round, and whoever was first is last in the next', () => {
  const turns = turnsOf(['a', 'b', 'c'], 3)
  expect(turns.map(({ round, subject }) => `${round}${subject}`)).toEqual([
    ...['0a', '0b', '0c'],
    ...['1c', '1b', '1a'],
    ...['2a', '2b', '2c'],
  ])
})
