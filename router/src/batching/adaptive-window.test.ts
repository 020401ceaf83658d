import fc from 'fast-check'
import { adaptiveWindow } from './adaptive-window.ts'
import { fixedWindow, type WindowPolicy } from './window.ts'

const PRICE_MS = 100

function adaptive({ priceMs = PRICE_MS, maxWaitMs = 2 * PRICE_MS, maxBatchSize = 64 } = {}): WindowPolicy {
  return adaptiveWindow({ invocationPriceMs: priceMs }, maxWaitMs, maxBatchSize)
}

/** Exponential gaps from a fixed sequence. */
function randomGaps(meanMs: number, count: number): number[] {
  let state = 1
  return Array.from({ length: count }, () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0
    return -meanMs * Math.log((state + 1) / 2 ** 32)
  })
}

interface Totals {
  invocations: number
  waitMs: number
  /** By batch, from its first request to its flush. */
  openMs: number[]
}

interface Run {
  maxBatchSize?: number
  /** From the flush of a batch to its answer; without it no answer ever comes. */
  answerMs?: number | undefined
  fromMs?: number
}

/** Runs requests through a policy. */
function run(
  policy: WindowPolicy,
  gapsMs: number[],
  { maxBatchSize = 64, answerMs, fromMs = 0 }: Run = {},
): Totals {
  const totals: Totals = { invocations: 0, waitMs: 0, openMs: [] }
  const running: { answeredAtMs: number; firstAtMs: number }[] = []
  let open: { firstAtMs: number; arrivalSumMs: number; size: number; dueMs: number } | undefined
  let nowMs = fromMs
  const flush = (atMs: number): void => {
    if (open === undefined) return
    totals.invocations += 1
    totals.waitMs += open.size * atMs - open.arrivalSumMs
    totals.openMs.push(atMs - open.firstAtMs)
    if (answerMs !== undefined) running.push({ answeredAtMs: atMs + answerMs, firstAtMs: open.firstAtMs })
    open = undefined
  }
  for (const gapMs of gapsMs) {
    nowMs += gapMs
    if (open !== undefined && open.dueMs <= nowMs) flush(open.dueMs)
    while (running[0] !== undefined && running[0].answeredAtMs <= nowMs) {
      policy.completed?.(running[0].answeredAtMs, running[0].firstAtMs)
      running.shift()
    }
    open ??= { firstAtMs: nowMs, arrivalSumMs: 0, size: 0, dueMs: 0 }
    open.size += 1
    open.arrivalSumMs += nowMs
    open.dueMs = policy.arrival(nowMs, open)
    if (open.dueMs <= nowMs || open.size === maxBatchSize) flush(nowMs)
  }
  if (open !== undefined) flush(open.dueMs)
  return totals
}

function costMs({ invocations, waitMs }: Totals): number {
  return PRICE_MS * invocations + waitMs
}

/** A client that asks again `thinkMs` after each answer. Its waits, in order. */
function sequentialWaits(policy: WindowPolicy, requests: number, thinkMs: number): number[] {
  let nowMs = 0
  return Array.from({ length: requests }, () => {
    const dueMs = Math.max(nowMs, policy.arrival(nowMs, { size: 1, firstAtMs: nowMs, arrivalSumMs: nowMs }))
    const waitMs = dueMs - nowMs
    policy.completed?.(dueMs + 30, nowMs)
    nowMs = dueMs + 30 + thinkMs
    return waitMs
  })
}

test('a new key waits until the waits in its batch add up to the price', () => {
  const policy = adaptive()
  expect(policy.arrival(1000, { size: 1, firstAtMs: 1000, arrivalSumMs: 1000 })).toBe(1100)
  // 60 ms of the first request and 20 ms of the second make 80; at 1070 they are 70 and 30.
  expect(policy.arrival(1040, { size: 2, firstAtMs: 1000, arrivalSumMs: 2040 })).toBe(1070)
})

test('after the first gaps a key goes by what it has learned', () => {
  const policy = adaptive()
  run(policy, new Array<number>(20).fill(400))
  // Nobody came within 200 ms so far, so waiting has not been worth anything.
  expect(policy.arrival(9000, { size: 1, firstAtMs: 9000, arrivalSumMs: 9000 })).toBe(9000)
})

test('a batch that is full goes at once', () => {
  const policy = adaptive({ maxBatchSize: 3 })
  expect(policy.arrival(50, { size: 3, firstAtMs: 49, arrivalSumMs: 148 })).toBe(50)
  const single = adaptive({ maxBatchSize: 1 })
  for (const nowMs of [1, 2, 3, 400, 401, 402, 403, 404, 405, 406, 407, 408]) {
    expect(single.arrival(nowMs, { size: 1, firstAtMs: nowMs, arrivalSumMs: nowMs })).toBe(nowMs)
  }
})

test('a client that waits for each answer is not made to wait for itself', () => {
  for (const thinkMs of [0.2, 5, 60]) {
    const waits = sequentialWaits(adaptive(), 10_000, thinkMs)
    expect(waits.reduce((sum, wait) => sum + wait, 0) / waits.length).toBeLessThanOrEqual(0.1)
    expect(new Set(waits.slice(20))).toEqual(new Set([0]))
  }
})

test('the same gaps are waited out when nothing suggests that an answer ended them', () => {
  const { invocations, openMs } = run(adaptive(), new Array<number>(1000).fill(30))
  expect(openMs.length).toBe(invocations)
  expect(invocations).toBeLessThan(600)
})

test('an answer to an earlier batch says nothing about the present gap', () => {
  const heard = adaptive()
  const deaf = adaptive()
  let firstAtMs = 0
  for (const [index, gapMs] of randomGaps(10, 500).entries()) {
    const nowMs = firstAtMs + gapMs
    const view = { size: 1, firstAtMs: nowMs, arrivalSumMs: nowMs }
    const dueMs = heard.arrival(nowMs, view)
    expect({ index, dueMs }).toEqual({ index, dueMs: deaf.arrival(nowMs, view) })
    heard.completed?.(nowMs + gapMs / 10, firstAtMs)
    firstAtMs = nowMs
  }
})

test.each([2, 5, 20, 50])(
  'steady random traffic with a gap of %i ms costs less than waiting for a set sum',
  (meanMs) => {
    const gapsMs = randomGaps(meanMs, 20_000)
    const untilSum: WindowPolicy = {
      stateful: false,
      arrival: (_nowMs, { size, arrivalSumMs }) => (PRICE_MS + arrivalSumMs) / size,
    }
    expect(costMs(run(adaptive(), gapsMs))).toBeLessThan(costMs(run(untilSum, gapsMs)))
  },
)

test('what a begun batch is worth does not run away, however long the key lives', () => {
  const policy = adaptive()
  const gapsMs = randomGaps(4, 5000)
  const costs = Array.from({ length: 20 }, (_, part) => costMs(run(policy, gapsMs, { fromMs: part * 1e6 })))
  expect(Math.max(...costs) / Math.min(...costs)).toBeLessThan(1.05)
})

test('with a very high price it invokes as seldom as a fixed window of maxWaitMs', () => {
  const gapsMs = randomGaps(10, 20_000)
  const own = run(adaptive({ priceMs: 1e6, maxWaitMs: 50 }), gapsMs)
  const fixed = run(fixedWindow(50), gapsMs)
  expect(own.invocations / fixed.invocations).toBeLessThan(1.01)
})

test('a key that slows down stops waiting for what no longer comes', () => {
  const policy = adaptive()
  run(policy, randomGaps(5, 5000))
  const { openMs } = run(policy, new Array<number>(300).fill(500), { fromMs: 1e6 })
  expect(Math.max(...openMs.slice(-50))).toBeLessThan(PRICE_MS / 10)
})

test('a night of silence does not spoil what the key knows', () => {
  const gapsMs = randomGaps(5, 5000)
  const policy = adaptive()
  const before = costMs(run(policy, gapsMs))
  expect(costMs(run(policy, gapsMs, { fromMs: 8 * 3600_000 })) / before).toBeLessThan(1.02)
})

test('the price defaults to the longest wait of eight requests', () => {
  const byDefault = adaptiveWindow({}, 10, 64)
  const explicit = adaptive({ priceMs: 80, maxWaitMs: 10 })
  const gapsMs = randomGaps(3, 2000)
  expect(run(byDefault, gapsMs)).toEqual(run(explicit, gapsMs))
})

const setting = fc.record({
  priceMs: fc.double({ min: 0.001, max: 1e7, noNaN: true }),
  maxWaitMs: fc.nat(500),
  maxBatchSize: fc.integer({ min: 1, max: 300 }),
})
const gap = fc.oneof(fc.constant(0), fc.double({ min: 0, max: 50, noNaN: true }), fc.nat(100_000))

test('no wait exceeds maxWaitMs, and the same arrivals are decided the same', () => {
  const answer = fc.option(fc.nat(100), { nil: undefined })
  fc.assert(
    fc.property(setting, fc.array(gap, { maxLength: 300 }), answer, (settings, gaps, answerMs) => {
      const { maxWaitMs, maxBatchSize } = settings
      const once = run(adaptive(settings), gaps, { maxBatchSize, answerMs })
      for (const openMs of once.openMs) expect(openMs).toBeLessThanOrEqual(maxWaitMs + 1e-6)
      expect(run(adaptive(settings), gaps, { maxBatchSize, answerMs })).toEqual(once)
    }),
  )
})
