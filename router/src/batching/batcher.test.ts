import { jest } from '@jest/globals'
import { ManualClock } from '@lpr/test-kit'
import type { RouterError } from '../errors.ts'
import { Telemetry } from '../telemetry/events.ts'
import type { Batch, BatchRoute } from './batch.ts'
import { Batcher } from './batcher.ts'
import { onePiece } from './event-buffer.ts'
import type { Item, Reply } from './item.ts'
import { Scheduler } from './scheduler.ts'
import { dynamicWindow, fixedWindow, type WindowPolicy } from './window.ts'

interface Run {
  ids: string[]
  reason: string
  atMs: number
  batch: Batch
  finish(): Promise<void>
}

function route(overrides: Partial<BatchRoute & { maxWaitMs: number; dynamic: boolean }> = {}) {
  const base = {
    routeKey: 'GET /x',
    maxBatchSize: 4,
    maxQueueDepth: 1000,
    maxInflightInvocations: Infinity,
    envelopeBytes: 10,
    lastPayloadBytes: 0,
  }
  return { ...base, maxWaitMs: 25, dynamic: false, ...overrides }
}

function setUp({
  routes = [route()],
  inflight = 64,
  pending = 256,
  keys = 1024,
  payload = 1000,
  idleTtlMs = 30_000,
  policy = undefined as WindowPolicy | undefined,
  clock = new ManualClock(),
} = {}) {
  const runs: Run[] = []
  const run = (batch: Batch): Promise<void> => {
    const ids = [...batch.items].map(({ id }) => id)
    return new Promise((resolve) => {
      const finish = async (): Promise<void> => {
        for (const item of [...batch.items]) batch.remove(item)
        resolve()
        await new Promise(setImmediate)
      }
      runs.push({ ids, reason: batch.flushReason, atMs: clock.now(), batch, finish })
    })
  }
  const scheduler = new Scheduler(
    routes,
    { maxInflightInvocations: inflight, maxPendingInvocations: pending },
    run,
  )
  const settings = {
    minWaitMs: 1,
    targetRps: 50,
    steepness: 0.05,
    samplingIntervalMs: 100,
    smoothingSamples: 5,
  }
  const batcher = new Batcher({
    clock,
    telemetry: new Telemetry(),
    scheduler,
    limits: { maxInvokePayloadBytes: payload, maxBatchKeysPerRoute: keys, idleTtlMs },
    newWindow: (of) => {
      const { maxWaitMs, dynamic } = of as ReturnType<typeof route>
      if (policy !== undefined) return policy
      return dynamic ? dynamicWindow(settings, maxWaitMs) : fixedWindow(maxWaitMs)
    },
    newBatchId: () => 'b',
  })
  const failures = new Map<string, string>()
  const item = (id: string, bytes = 10): Item => {
    const reply: Reply = {
      started: false,
      dispatched: () => undefined,
      respond: () => undefined,
      head: () => undefined,
      chunk: () => undefined,
      end: () => undefined,
      fail: (error: RouterError) => void failures.set(id, error.code),
    }
    return {
      id,
      offset: 0,
      place: -1,
      bytes,
      arrivedAtMs: clock.now(),
      deadlineEpochMs: 0,
      tenantId: undefined,
      reply,
      batch: undefined,
    }
  }
  const submit = (id: string, key = '', bytes = 10, of = routes[0]): Item => {
    const made = item(id, bytes)
    const refusal = batcher.submit(of as BatchRoute, key, made, onePiece('{}'))
    if (refusal !== undefined) failures.set(id, refusal.code)
    return made
  }
  return { clock, runs, batcher, scheduler, submit, failures }
}

const ids = (runs: Run[]) => runs.map((run) => run.ids.join(''))

/** Fires long timers a millisecond too early, as Node does. */
class HastyClock extends ManualClock {
  override after(delayMs: number, callback: () => void) {
    return super.after(delayMs > 2 ? delayMs - 1 : delayMs, callback)
  }
}

test('a timer that fires too early does not shorten the window', () => {
  const { clock, runs, submit } = setUp({ clock: new HastyClock() })
  submit('a')
  clock.advance(24.9)
  submit('b')
  expect(runs).toEqual([])
  clock.advance(0.2)
  expect(runs).toMatchObject([{ ids: ['a', 'b'], reason: 'window', atMs: 25 }])
})

/** Fires every timer two milliseconds late, as a busy process does. */
class TardyClock extends ManualClock {
  override after(delayMs: number, callback: () => void) {
    return super.after(delayMs + 2, callback)
  }
}

test('a request that comes when the window is over opens the next batch, however late the timer is', () => {
  const { clock, runs, submit } = setUp({ clock: new TardyClock() })
  submit('a')
  clock.advance(25)
  expect(runs).toEqual([])
  submit('b')
  expect(runs).toMatchObject([{ ids: ['a'], reason: 'window', atMs: 25 }])
  clock.advance(27)
  expect(runs).toMatchObject([{ ids: ['a'] }, { ids: ['b'], reason: 'window', atMs: 52 }])
})

test('a batch is flushed when it is full', () => {
  const { submit, runs } = setUp()
  for (const id of 'abcde') submit(id)
  expect(runs).toMatchObject([{ ids: ['a', 'b', 'c', 'd'], reason: 'size', atMs: 0 }])
})

test('a batch is flushed when the window of its first request ends', () => {
  const { submit, runs, clock } = setUp()
  submit('a')
  clock.advance(20)
  submit('b')
  clock.advance(4.9)
  expect(runs).toHaveLength(0)
  clock.advance(0.1)
  expect(runs).toMatchObject([{ ids: ['a', 'b'], reason: 'window', atMs: 25 }])
  expect(clock.pending).toBe(0)
})

test('requests of different keys never share a batch', () => {
  const { submit, runs, clock } = setUp()
  submit('a', 'x')
  submit('b', 'y')
  submit('c', 'x')
  clock.advance(25)
  expect(ids(runs)).toEqual(['ac', 'b'])
})

test('a batch is closed before it would exceed the payload limit', () => {
  const { submit, runs, clock } = setUp({ payload: 100 })
  submit('a', '', 40)
  submit('b', '', 40)
  expect(runs).toHaveLength(0)
  submit('c', '', 40)
  expect(runs).toMatchObject([{ ids: ['a', 'b'], reason: 'payload' }])
  clock.advance(25)
  expect(ids(runs)).toEqual(['ab', 'c'])
})

test('a request that no payload can hold is refused', () => {
  const { submit, failures, runs } = setUp({ payload: 100 })
  submit('a', '', 90)
  expect(failures.get('a')).toBe('body_too_large')
  expect(runs).toHaveLength(0)
})

test('maxWaitMs 0 invokes at once, with whatever is already waiting', async () => {
  const { submit, runs } = setUp({ routes: [route({ maxWaitMs: 0 })], inflight: 1 })
  submit('a')
  submit('b')
  submit('c')
  expect(runs).toMatchObject([{ ids: ['a'], reason: 'immediate' }])
  await runs[0]?.finish()
  expect(ids(runs)).toEqual(['a', 'bc'])
})

test('maxBatchSize 1 never waits', () => {
  const { submit, runs } = setUp({ routes: [route({ maxBatchSize: 1 })] })
  submit('a')
  expect(runs).toMatchObject([{ ids: ['a'], reason: 'size', atMs: 0 }])
})

test('a batch that waits for an invocation still takes requests while it has room', async () => {
  const { submit, runs, clock } = setUp({ inflight: 1 })
  for (const id of 'abcd') submit(id)
  submit('e')
  clock.advance(25)
  for (const id of 'fghi') submit(id)
  clock.advance(25)
  await runs[0]?.finish()
  expect(ids(runs)).toEqual(['abcd', 'efgh'])
  await runs[1]?.finish()
  expect(ids(runs)).toEqual(['abcd', 'efgh', 'i'])
})

test('a request that leaves before the flush is never invoked', () => {
  const { submit, runs, clock, batcher } = setUp()
  const a = submit('a')
  submit('b')
  batcher.withdraw(a)
  clock.advance(25)
  expect(ids(runs)).toEqual(['b'])
})

test('a batch that everybody has left is not invoked, and leaves no timer and no key behind', () => {
  const { submit, runs, clock, batcher, scheduler } = setUp()
  batcher.withdraw(submit('a'))
  expect(clock.pending).toBe(0)
  expect(batcher.keys).toBe(0)
  clock.advance(100)
  expect(runs).toHaveLength(0)
  expect(scheduler.pendingInvocations).toBe(0)
})

test('a queued batch that everybody has left is dropped, not run', async () => {
  const { submit, runs, clock, batcher, scheduler } = setUp({ inflight: 1 })
  for (const id of 'abcd') submit(id)
  const e = submit('e')
  clock.advance(25)
  expect(scheduler.pendingInvocations).toBe(1)
  batcher.withdraw(e)
  expect(scheduler.pendingInvocations).toBe(0)
  await runs[0]?.finish()
  expect(ids(runs)).toEqual(['abcd'])
})

test('an invocation whose last client has left is told so', () => {
  const { submit, runs, batcher } = setUp({ routes: [route({ maxBatchSize: 2 })] })
  const items = [submit('a'), submit('b')]
  const abandoned = jest.fn()
  if (runs[0] !== undefined) runs[0].batch.running = { abandon: abandoned }
  batcher.withdraw(items[0] as Item)
  expect(abandoned).not.toHaveBeenCalled()
  batcher.withdraw(items[1] as Item)
  expect(abandoned).toHaveBeenCalledTimes(1)
})

test('a key whose queue is full refuses more, and takes more again once there is room', async () => {
  const { submit, runs, failures, clock } = setUp({ routes: [route({ maxQueueDepth: 2 })], inflight: 1 })
  submit('a')
  clock.advance(25)
  for (const id of 'bcd') submit(id)
  expect(Object.fromEntries(failures)).toEqual({ d: 'queue_full' })
  submit('e', 'other')
  expect(failures.has('e')).toBe(false)
  clock.advance(25)
  await runs[0]?.finish()
  submit('f')
  expect(failures.has('f')).toBe(false)
})

test('when too many batches wait, new ones are refused on arrival, but waiting ones are still filled', () => {
  const { submit, failures, clock } = setUp({ inflight: 1, pending: 1 })
  submit('a')
  clock.advance(25)
  submit('b')
  clock.advance(25)
  submit('c')
  submit('d', 'other')
  expect(Object.fromEntries(failures)).toEqual({ d: 'router_overloaded' })
})

test('a batch that finds no place at its flush fails all its requests', () => {
  const { submit, failures, clock } = setUp({ inflight: 1, pending: 1 })
  submit('a', '1')
  submit('b', '2')
  submit('c', '3')
  clock.advance(25)
  expect(Object.fromEntries(failures)).toEqual({ c: 'router_overloaded' })
})

test('beyond the permitted keys a request with a new key is invoked alone', () => {
  const { submit, runs, clock } = setUp({ keys: 2 })
  submit('a', 'x')
  submit('b', 'y')
  submit('c', 'z')
  submit('d', 'z')
  expect(runs).toMatchObject([
    { ids: ['c'], reason: 'immediate' },
    { ids: ['d'], reason: 'immediate' },
  ])
  clock.advance(25)
  submit('e', 'z')
  clock.advance(25)
  expect(ids(runs)).toEqual(['c', 'd', 'a', 'b', 'e'])
})

test('what a dynamic key has learned is forgotten after the idle time', () => {
  const { submit, batcher, clock } = setUp({ routes: [route({ dynamic: true })], idleTtlMs: 1000 })
  submit('a')
  clock.advance(100)
  expect(batcher.keys).toBe(1)
  clock.advance(2000)
  expect(batcher.keys).toBe(0)
  expect(clock.pending).toBe(0)
})

test('a window policy hears when the invocation of a batch is over, and which batch it was', async () => {
  const heard: [nowMs: number, firstAtMs: number][] = []
  const policy: WindowPolicy = {
    ...fixedWindow(25),
    completed: (nowMs, firstAtMs) => void heard.push([nowMs, firstAtMs]),
  }
  const { submit, runs, clock, batcher } = setUp({ policy })
  clock.advance(3)
  submit('a')
  clock.advance(10)
  submit('b')
  clock.advance(50)
  submit('c')
  clock.advance(25)
  batcher.withdraw(submit('d'))
  expect(heard).toEqual([])
  await runs[1]?.finish()
  clock.advance(5)
  await runs[0]?.finish()
  expect(heard).toEqual([
    [88, 63],
    [93, 3],
  ])
})

test('drain flushes open batches at once, and later requests too', () => {
  const { submit, batcher, runs, clock } = setUp()
  submit('a')
  submit('b', 'other')
  batcher.drain()
  submit('c')
  expect(runs).toMatchObject([
    { ids: ['a'], reason: 'drain' },
    { ids: ['b'], reason: 'drain' },
    { ids: ['c'], reason: 'drain' },
  ])
  expect(clock.pending).toBe(0)
})

test('after a drain no timer is left, not even for new keys that could learn', () => {
  const { submit, batcher, clock } = setUp({ routes: [route({ dynamic: true })] })
  batcher.drain()
  submit('a')
  expect(clock.pending).toBe(0)
})

test('routes take turns, so a busy one does not starve another', async () => {
  const slow = route({ routeKey: 'GET /slow', maxBatchSize: 1 })
  const quick = route({ routeKey: 'GET /quick', maxBatchSize: 1 })
  const { submit, runs } = setUp({ routes: [slow, quick], inflight: 3 })
  for (const id of 'abcde') submit(id, id, 10, slow)
  expect(ids(runs)).toEqual(['a', 'b'])
  submit('q', '', 10, quick)
  submit('r', 'r', 10, quick)
  expect(ids(runs)).toEqual(['a', 'b', 'q'])
  await runs[0]?.finish()
  await runs[1]?.finish()
  expect(ids(runs).slice(3).sort()).toEqual(['c', 'r'])
})

test('a route never has more invocations than its own limit', async () => {
  const { submit, runs, scheduler } = setUp({
    routes: [route({ maxBatchSize: 1, maxInflightInvocations: 2 })],
  })
  for (const id of 'abc') submit(id, id)
  expect(ids(runs)).toEqual(['a', 'b'])
  expect(scheduler.pendingInvocations).toBe(1)
  await runs[0]?.finish()
  expect(ids(runs)).toEqual(['a', 'b', 'c'])
})

test('idle resolves when the last invocation is over', async () => {
  const { submit, runs, scheduler } = setUp({ routes: [route({ maxBatchSize: 1 })] })
  submit('a')
  let idle = false
  const waiting = scheduler.idle().then(() => {
    idle = true
  })
  await new Promise(setImmediate)
  expect(idle).toBe(false)
  await runs[0]?.finish()
  await waiting
  expect(idle).toBe(true)
})
