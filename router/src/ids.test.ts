import { newId } from './ids.ts'

test('ids are a prefix and a UUID, and no two are the same', () => {
  const ids = Array.from({ length: 1000 }, () => newId('r-'))
  for (const id of ids)
    expect(id).toMatch(/^r-[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/)
  expect(new Set(ids).size).toBe(ids.length)
  expect(newId('b-')).toMatch(/^b-/)
})
