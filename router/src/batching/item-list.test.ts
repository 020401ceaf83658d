import type { Item } from './item.ts'
import { ItemList } from './item-list.ts'

const item = (id: string): Item => ({ id, place: -1 }) as Item

function listOf(...ids: string[]) {
  const items = ids.map(item)
  const list = new ItemList()
  for (const one of items) list.add(one)
  return { list, items }
}

const idsOf = (list: ItemList): string => [...list].map(({ id }) => id).join('')

test('items stay in the order in which they came, whoever leaves between them', () => {
  const { list, items } = listOf('a', 'b', 'c', 'd')
  for (const index of [2, 0]) expect(list.delete(items[index] as Item)).toBe(true)
  list.add(item('e'))
  expect([idsOf(list), list.size]).toEqual(['bde', 3])
})

test('who is not there cannot leave, nor can anybody twice', () => {
  const { list, items } = listOf('a', 'b')
  const [first] = items as [Item]
  list.delete(first)
  expect([list.delete(first), list.delete(item('x')), list.size]).toEqual([false, false, 1])
})

test('who has moved to another list has left the first only when it is told so', () => {
  const { list, items } = listOf('a', 'b')
  const [, second] = items as [Item, Item]
  const other = new ItemList()
  expect(list.delete(second)).toBe(true)
  other.add(second)
  expect([idsOf(list), idsOf(other), list.delete(second)]).toEqual(['a', 'b', false])
})

test('a walk over the list meets all who were there at its start', () => {
  const { list } = listOf('a', 'b', 'c')
  let met = ''
  for (const one of list) {
    list.delete(one)
    met += one.id
  }
  expect([met, list.size]).toEqual(['abc', 0])
})
