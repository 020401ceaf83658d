import { ManualClock } from '@lpr/test-kit'
import { Histogram } from './histogram.ts'
import { follow, type Pacer } from './schedule.ts'
import { Tally } from './tally.ts'

function pacerOf(clock: ManualClock): Pacer {
  return {
    now: () => clock.now(),
    wake: (atMs, callback) => {
      clock.after(atMs - clock.now(), callback)
    },
  }
}

test('requests go out when they are due, each once, whether or not the last one is answered', async () => {
  const clock = new ManualClock()
  const sent: [atMs: number, intendedMs: number, index: number][] = []
  const all = follow(Float64Array.of(0, 5, 5.5, 20), clock.now(), pacerOf(clock), (intendedMs, index) => {
    sent.push([clock.now(), intendedMs, index])
  })
  clock.advance(30)
  await all
  expect(sent).toEqual([
    [0, 0, 0],
    [5, 5, 1],
    [5.5, 5.5, 2],
    [20, 20, 3],
  ])
})

test('after a pause of the generator nothing is left out, and nothing is taken for later than it was meant', async () => {
  const clock = new ManualClock()
  const intended: number[] = []
  // Wakes up late, once, as a process does that had no CPU.
  const late: Pacer = {
    now: () => clock.now(),
    wake: (_atMs, callback) => {
      clock.after(100, callback)
    },
  }
  const all = follow(Float64Array.of(0, 10, 20, 30), 0, late, (intendedMs) => intended.push(intendedMs))
  clock.advance(100)
  await all
  expect(intended).toEqual([0, 10, 20, 30])
})

const head = (status: number, headers: Record<string, string> = {}) => ({
  status,
  header: (name: string) => headers[name],
})

test('a stall counts for every request that was due in it, not only for the one that met it', () => {
  const tally = new Tally(0)
  // The subject hangs for 1 s; a request was due every 100 ms and all are answered at its end.
  for (let i = 0; i < 10; i++) {
    tally.answered({ intendedMs: i * 100, sentMs: i * 100, firstByteMs: 1000, endMs: 1000 }, head(200))
  }
  const { latency, ok } = tally.result(1000, 1)
  expect(ok).toBe(10)
  const slowest = Math.max(...latency.map(([bucket]) => bucket))
  const fastest = Math.min(...latency.map(([bucket]) => bucket))
  // Ten different waits, from 1000 ms down to 100 ms.
  expect(latency).toHaveLength(10)
  expect(slowest).toBeGreaterThan(fastest)
})

test('what is added leaves out the function, a late generator, and of the wait for the batch the window', () => {
  const tally = new Tally(10)
  const headers = { 'x-bench-function-us': '5000', 'x-lpr-batch-wait-ms': '12' }
  // Sent 2 ms late, then 18 ms, of which 5 in the function and 12 in the batch; the window was 10.
  tally.answered({ intendedMs: 0, sentMs: 2, firstByteMs: 20, endMs: 20 }, head(200, headers))
  const { added } = tally.result(1, 1)
  expect(added).toHaveLength(1)
  expect(percentile(added)).toBeCloseTo(3, 1)
})

test('rejections and failures are kept apart from answers', () => {
  const tally = new Tally(0)
  const times = { intendedMs: 0, sentMs: 0, firstByteMs: 1, endMs: 1 }
  tally.answered(times, head(200))
  tally.answered(times, head(429, { 'retry-after': '1' }))
  tally.answered(times, head(503))
  tally.answered(times, head(502))
  tally.broken()
  expect(tally.result(1, 1)).toMatchObject({ ok: 1, rejected: 2, rejectedWithRetryAfter: 1, failed: 2 })
})

function percentile(data: [number, number][]): number {
  return Histogram.from(data).percentileMs(1)
}
