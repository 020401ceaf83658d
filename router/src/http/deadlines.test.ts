import { ManualClock } from '@lpr/test-kit'
import { Roster } from '../roster.ts'
import { Deadlines } from './deadlines.ts'

class Waiter {
  place = -1
  deadlineAtMs: number
  readonly dueAtMs: number
  expiredAtMs: number | undefined
  readonly #clock: ManualClock

  constructor(clock: ManualClock, deadlineAtMs: number) {
    this.#clock = clock
    this.deadlineAtMs = deadlineAtMs
    this.dueAtMs = deadlineAtMs
  }

  expire(): void {
    this.deadlineAtMs = Number.POSITIVE_INFINITY
    this.expiredAtMs = this.#clock.now()
  }
}

function scene() {
  const clock = new ManualClock()
  const waiters = new Roster<Waiter>()
  const deadlines = new Deadlines(clock, waiters)
  const wait = (ms: number): Waiter => {
    const waiter = new Waiter(clock, clock.now() + ms)
    waiters.add(waiter)
    deadlines.watch(waiter.deadlineAtMs)
    return waiter
  }
  return { clock, waiters, deadlines, wait }
}

test('each is given up at its own time, in whatever order the times were set', () => {
  const { clock, wait } = scene()
  const start = clock.now()
  const waiters = [300, 100, 500, 100, 200].map(wait)
  clock.advance(150)
  const late = wait(25)
  clock.advance(1000)
  expect(waiters.map(({ expiredAtMs = 0 }) => expiredAtMs - start)).toEqual([300, 100, 500, 100, 200])
  expect((late.expiredAtMs ?? 0) - start).toBe(175)
})

test('who is done before has nothing to fear, and who comes later is not given up early', () => {
  const { clock, waiters, wait } = scene()
  const first = wait(100)
  clock.advance(60)
  const second = wait(100)
  waiters.delete(first)
  clock.advance(99)
  expect([first.expiredAtMs, second.expiredAtMs]).toEqual([undefined, undefined])
  clock.advance(1)
  expect(second.expiredAtMs).toBe(clock.now())
})

test('a deadline that is no more does not count', () => {
  const { clock, wait } = scene()
  const waiter = wait(100)
  waiter.deadlineAtMs = Number.POSITIVE_INFINITY
  clock.advance(1000)
  expect(waiter.expiredAtMs).toBeUndefined()
})

test('there is one timer for all of them, and none when nobody is left', () => {
  const { clock, waiters, deadlines, wait } = scene()
  for (const waiter of [100, 100, 200, 300].map(wait)) waiters.delete(waiter)
  expect(clock.pending).toBe(1)
  clock.advance(100)
  expect(clock.pending).toBe(0)
  wait(100)
  deadlines.stop()
  expect(clock.pending).toBe(0)
})

test('times with a fraction end as well, not more than a millisecond late', () => {
  const { clock, waiters, wait } = scene()
  for (let step = 0; step < 500; step++) {
    wait(100)
    clock.advance(0.1)
  }
  clock.advance(100)
  expect(clock.pending).toBe(0)
  for (const { dueAtMs, expiredAtMs = 0 } of waiters) {
    expect(expiredAtMs).toBeGreaterThanOrEqual(dueAtMs)
    expect(expiredAtMs - dueAtMs).toBeLessThanOrEqual(1.001)
  }
})
