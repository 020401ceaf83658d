import { Roster } from './roster.ts'

const member = (name: string) => ({ name, place: -1 })
const namesOn = (roster: Roster<ReturnType<typeof member>>) => [...roster].map(({ name }) => name).sort()

test('whoever comes is there until it goes', () => {
  const roster = new Roster<ReturnType<typeof member>>()
  const members = ['a', 'b', 'c', 'd'].map(member)
  for (const one of members) roster.add(one)
  expect(namesOn(roster)).toEqual(['a', 'b', 'c', 'd'])
  for (const [index, left] of [
    [1, ['a', 'c', 'd']],
    [3, ['a', 'c']],
    [0, ['c']],
    [2, []],
  ] as const) {
    const gone = members[index]
    if (gone !== undefined) roster.delete(gone)
    expect(namesOn(roster)).toEqual(left)
    expect(roster.size).toBe(left.length)
  }
})

test('who is not there can go without harm, and who has gone can come again', () => {
  const roster = new Roster<ReturnType<typeof member>>()
  const [a, b] = [member('a'), member('b')]
  roster.add(a)
  roster.delete(b)
  roster.delete(a)
  roster.delete(a)
  roster.add(b)
  roster.add(a)
  expect(namesOn(roster)).toEqual(['a', 'b'])
})

test('members may go while the roster is read', () => {
  const roster = new Roster<ReturnType<typeof member>>()
  for (const name of ['a', 'b', 'c']) roster.add(member(name))
  for (const one of roster) roster.delete(one)
  expect(roster.size).toBe(0)
})
