import { adaptiveWindow } from '../../router/src/batching/adaptive-window.ts'
import type { WindowPolicy, WindowView } from '../../router/src/batching/window.ts'
import type { Pattern } from './patterns.ts'
import { simulate } from './simulate.ts'
import { openLoop } from './sources.ts'

/** What the policy itself uses. */
export interface Expense {
  /** CPU time a request, planning, memory management and the calls for completions included. */
  cpuUs: number
  /** Of the most expensive pattern. */
  worstCpuUs: number
  bytesPerKey: number
}

/** Every call that a simulation made, so that it can be made again with nothing else around it. */
interface Trace {
  requests: number
  calls: { nowMs: number; view: WindowView | undefined; firstAtMs: number }[]
}

/** CPU time by pattern; the median over the rounds, of which the first compiles and is not counted. */
export function expense(patterns: Pattern[], requests: number, maxBatchSize: number, rounds = 5): Expense {
  const create = (): WindowPolicy => adaptiveWindow({ invocationPriceMs: 50 }, 100, maxBatchSize)
  const perPattern = patterns.map(({ arrivals }) => {
    const trace = record(arrivals(requests, 5), create(), maxBatchSize)
    const times = Array.from({ length: rounds + 1 }, () => cpuMs(() => replay(trace, create())))
    const median = times.slice(1).sort((a, b) => a - b)[rounds >> 1] ?? Number.NaN
    return (1000 * median) / trace.requests
  })
  const mean = perPattern.reduce((sum, value) => sum + value, 0) / perPattern.length
  return { cpuUs: mean, worstCpuUs: Math.max(...perPattern), bytesPerKey: bytesPerKey(maxBatchSize) }
}

function record(arrivals: Float64Array, policy: WindowPolicy, maxBatchSize: number): Trace {
  const calls: Trace['calls'] = []
  const recorder: WindowPolicy = {
    stateful: true,
    arrival(nowMs, view) {
      calls.push({ nowMs, view: { ...view }, firstAtMs: view.firstAtMs })
      return policy.arrival(nowMs, view)
    },
    completed(nowMs, firstAtMs) {
      calls.push({ nowMs, view: undefined, firstAtMs })
      policy.completed?.(nowMs, firstAtMs)
    },
  }
  simulate(openLoop(arrivals), { policy: recorder, maxBatchSize })
  return { requests: arrivals.length, calls }
}

function replay({ calls }: Trace, policy: WindowPolicy): void {
  for (const { nowMs, view, firstAtMs } of calls) {
    if (view === undefined) policy.completed?.(nowMs, firstAtMs)
    else policy.arrival(nowMs, view)
  }
}

function cpuMs(work: () => void): number {
  const before = process.cpuUsage()
  work()
  const { user, system } = process.cpuUsage(before)
  return (user + system) / 1000
}

/** Garbage of before is freed late, so the figure is the median of rounds that all keep their keys. */
function bytesPerKey(maxBatchSize: number): number {
  const kept: WindowPolicy[][] = []
  const figures = Array.from({ length: 5 }, () => {
    const before = usedBytes()
    const keys = Array.from({ length: 1000 }, () => adaptiveWindow({}, 100, maxBatchSize))
    kept.push(keys)
    return (usedBytes() - before) / keys.length
  })
  return Math.round(figures.sort((a, b) => a - b)[kept.length >> 1] ?? Number.NaN)
}

function usedBytes(): number {
  globalThis.gc?.()
  const { heapUsed, arrayBuffers } = process.memoryUsage()
  return heapUsed + arrayBuffers
}
