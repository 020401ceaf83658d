import fc from 'fast-check'
import { gate, turns } from '../tests/support.ts'
import { forEachLimited } from './concurrency.ts'

test('never more than the limit are at work, each item is worked on once, and all room is used', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.nat({ max: 20 }),
      fc.oneof(fc.integer({ min: 1, max: 25 }), fc.constant(Number.POSITIVE_INFINITY)),
      fc.scheduler(),
      async (count, limit, scheduler) => {
        const items = Array.from({ length: count }, (_, index) => index)
        const started: number[] = []
        let atWork = 0
        let most = 0
        const done = forEachLimited(items, limit, async (item) => {
          started.push(item)
          atWork += 1
          most = Math.max(most, atWork)
          await scheduler.schedule(Promise.resolve())
          atWork -= 1
        })
        await scheduler.waitFor(done)
        expect(started).toEqual(items)
        expect(most).toBe(Math.min(limit, count))
      },
    ),
  )
})

test('the next item starts as soon as any one is done', async () => {
  const gates = [gate(), gate(), gate()]
  const started: number[] = []
  const done = forEachLimited(gates, 2, async ({ promise }, index) => {
    started.push(index)
    await promise
  })
  expect(started).toEqual([0, 1])
  gates[1]?.open()
  await turns()
  expect(started).toEqual([0, 1, 2])
  for (const { open } of gates) open()
  await done
})
