import { adaptiveWindow } from '../../router/src/batching/adaptive-window.ts'
import { fixedWindow, type WindowPolicy } from '../../router/src/batching/window.ts'
import { FIXED, gapStop } from './baselines.ts'
import { optimalCostMs } from './optimum.ts'
import type { Pattern } from './patterns.ts'
import { costMs, type Outcome, simulate } from './simulate.ts'
import { type ClosedLoop, closedLoop, openLoop } from './sources.ts'
import { geometricMean } from './study.ts'

/** Clients that wait for their answers. There is no optimum to compare with, because the arrivals depend on the policy. */
export interface ClosedCase {
  name: string
  priceMs: number
  meanWaitMs: number
  requestsPerInvocation: number
  /** Cost per request over that of the fixed window that is best for this very case and price. */
  overBestFixed: number
  bestFixed: string
}

const CLOSED: { name: string; loop: Omit<ClosedLoop, 'requests' | 'seed'> }[] = [
  { name: 'one sequential client', loop: { clients: 1, thinkMs: () => 0.5 } },
  { name: 'one client with pauses', loop: { clients: 1, thinkMs: (random) => random.exponential(50) } },
  { name: '5 clients', loop: { clients: 5, thinkMs: (random) => random.exponential(20) } },
  { name: '50 clients', loop: { clients: 50, thinkMs: (random) => random.exponential(100) } },
  { name: '200 clients, no pause', loop: { clients: 200, thinkMs: () => 0.5 } },
]

export function closedCases(requests: number, seed: number, pricesMs: number[]): ClosedCase[] {
  return CLOSED.flatMap(({ name, loop }) => {
    const run = (policy: WindowPolicy): Outcome =>
      simulate(closedLoop({ ...loop, requests, seed }), { policy, maxBatchSize: 64 })
    const fixed = FIXED.map((candidate) => ({ name: candidate.name, outcome: run(candidate.create()) }))
    return pricesMs.map((priceMs) => {
      const outcome = run(gapStop(priceMs, 64).create())
      const costs = fixed.map((one) => ({ name: one.name, costMs: costMs(one.outcome, priceMs) }))
      const best = costs.reduce((a, b) => (b.costMs < a.costMs ? b : a))
      return {
        name,
        priceMs,
        meanWaitMs: outcome.waitMs / outcome.requests,
        requestsPerInvocation: outcome.requests / outcome.invocations,
        overBestFixed: costMs(outcome, priceMs) / best.costMs,
        bestFixed: best.name,
      }
    })
  })
}

/** The first requests of a key, over the optimum for them; many fresh keys for each pattern. */
export function youngKeys(patterns: Pattern[], priceMs: number, requests = 20, keys = 300): number[] {
  return patterns.map(({ arrivals }) => {
    let cost = 0
    let optimum = 0
    for (let seed = 1; seed <= keys; seed++) {
      const times = arrivals(requests, 1000 + seed)
      const { create } = gapStop(priceMs, 64)
      cost += costMs(simulate(openLoop(times), { policy: create(), maxBatchSize: 64 }), priceMs)
      optimum += optimalCostMs(times, priceMs, 64)
    }
    return cost / optimum
  })
}

/** The adaptive window against the fixed one, both with the same cap on every wait. */
export interface CappedCase {
  maxWaitMs: number
  /** The price, or the default of 8 x maxWaitMs. */
  price: number | 'default'
  /** Adaptive over fixed, geometric means over the patterns. */
  invocations: number
  meanWait: number
  /** Of invocations, over the patterns. */
  worstInvocations: number
  longestWaitMs: number
}

export const LARGE_PRICE_MS = 1e6

export function cappedCases(patterns: Pattern[], requests: number, seed: number): CappedCase[] {
  const traffics = patterns.map(({ arrivals }) => arrivals(requests, seed))
  return [5, 10, 25, 50, 100].flatMap((maxWaitMs) => {
    const fixed = traffics.map((times) => capped(times, fixedWindow(maxWaitMs)))
    return (['default', LARGE_PRICE_MS] as const).map((price) => {
      const settings = price === 'default' ? {} : { invocationPriceMs: price }
      const own = traffics.map((times) => capped(times, adaptiveWindow(settings, maxWaitMs, 64)))
      const invocations = ratios(own, fixed, (outcome) => outcome.invocations)
      return {
        maxWaitMs,
        price,
        invocations: geometricMean(invocations),
        worstInvocations: Math.max(...invocations),
        meanWait: geometricMean(ratios(own, fixed, (outcome) => outcome.waitMs)),
        longestWaitMs: Math.max(...own.map((outcome) => outcome.longestWaitMs)),
      }
    })
  })
}

function capped(arrivals: Float64Array, policy: WindowPolicy): Outcome {
  return simulate(openLoop(arrivals), { policy, maxBatchSize: 64 })
}

function ratios(own: Outcome[], other: Outcome[], figure: (outcome: Outcome) => number): number[] {
  return own.map((outcome, index) => {
    const base = other[index]
    return base === undefined ? Number.NaN : figure(outcome) / figure(base)
  })
}
