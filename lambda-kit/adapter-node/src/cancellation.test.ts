import { gate } from '../tests/support.ts'
import { Cancellation } from './cancellation.ts'

test('it happens once, with its first reason, and whoever listens late hears of it too', () => {
  const cancellation = new Cancellation()
  const heard: unknown[] = []
  cancellation.onCancel((reason) => heard.push(['early', reason]))
  cancellation.cancel('first')
  cancellation.cancel('second')
  cancellation.onCancel((reason) => heard.push(['late', reason]))
  expect(heard).toEqual([
    ['early', 'first'],
    ['late', 'first'],
  ])
  expect([cancellation.cancelled, cancellation.reason]).toEqual([true, 'first'])
  expect(() => cancellation.throwIfCancelled()).toThrow('first')
})

test('a race is won by whichever comes first', async () => {
  const cancellation = new Cancellation()
  const { promise, open } = gate<string>()
  const won = cancellation.race(promise)
  const lost = cancellation.race(new Promise(() => {}))
  open('done')
  expect(await won).toBe('done')
  cancellation.cancel(new Error('over'))
  await expect(lost).rejects.toThrow('over')
  await expect(cancellation.race(Promise.resolve('too late'))).rejects.toThrow('over')
})

test('a promise that fails after it lost is no unhandled rejection', async () => {
  const cancellation = new Cancellation()
  const { promise, fail } = gate()
  const lost = cancellation.race(promise)
  cancellation.cancel(new Error('over'))
  await expect(lost).rejects.toThrow('over')
  fail(new Error('nobody waits for this any more'))
})
