import { adaptiveWindow } from '../../router/src/batching/adaptive-window.ts'
import { fixedWindow, type WindowPolicy } from '../../router/src/batching/window.ts'
import { FIXED, gapStop } from './baselines.ts'
import { optimalCostMs } from './optimum.ts'
import { gaps, type Pattern } from './patterns.ts'
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

/** The adaptive window against the fixed one, both with the same cap on every wait; geometric means over the patterns. */
export interface CappedCase {
  maxWaitMs: number
  /** The price, or the default of 8 x maxWaitMs. */
  price: number | 'default'
  /** Adaptive over fixed. */
  invocations: number
  worstInvocations: number
  meanWait: number
  cost: number
  worstCost: number
  /** Over the optimum under the same cap. */
  overOptimum: number
  fixedOverOptimum: number
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
      return { maxWaitMs, price, ...compared(own, fixed, traffics, maxWaitMs, price) }
    })
  })
}

function compared(
  own: Outcome[],
  fixed: Outcome[],
  traffics: Float64Array[],
  maxWaitMs: number,
  price: CappedCase['price'],
): Omit<CappedCase, 'maxWaitMs' | 'price'> {
  const priceMs = price === 'default' ? 8 * maxWaitMs : price
  const optima = traffics.map((times) => optimalCostMs(times, priceMs, 64, maxWaitMs))
  const cost = (outcomes: Outcome[]): number[] => outcomes.map((outcome) => costMs(outcome, priceMs))
  const costs = ratios(cost(own), cost(fixed))
  const count = (outcomes: Outcome[]): number[] => outcomes.map(({ invocations }) => invocations)
  const invocations = ratios(count(own), count(fixed))
  const waits = (outcomes: Outcome[]): number[] => outcomes.map(({ waitMs }) => waitMs)
  return {
    invocations: geometricMean(invocations),
    worstInvocations: Math.max(...invocations),
    meanWait: geometricMean(ratios(waits(own), waits(fixed))),
    cost: geometricMean(costs),
    worstCost: Math.max(...costs),
    overOptimum: geometricMean(ratios(cost(own), optima)),
    fixedOverOptimum: geometricMean(ratios(cost(fixed), optima)),
    longestWaitMs: Math.max(...own.map(({ longestWaitMs }) => longestWaitMs)),
  }
}

/** A pattern on which nothing was tuned, against the fixed window that is best for it in hindsight. */
export interface HeldOutCase {
  name: string
  priceMs: number
  overOptimum: number
  bestFixedOverOptimum: number
}

export function heldOutCases(
  patterns: Pattern[],
  requests: number,
  seed: number,
  pricesMs: number[],
): HeldOutCase[] {
  return patterns.flatMap(({ name, arrivals }) => {
    const times = arrivals(requests, seed)
    const fixed = FIXED.map(({ create }) => capped(times, create()))
    return pricesMs.map((priceMs) => {
      const optimum = optimalCostMs(times, priceMs, 64)
      const own = capped(times, gapStop(priceMs, 64).create())
      const bestFixed = Math.min(...fixed.map((outcome) => costMs(outcome, priceMs)))
      return {
        name,
        priceMs,
        overOptimum: costMs(own, priceMs) / optimum,
        bestFixedOverOptimum: bestFixed / optimum,
      }
    })
  })
}

/** What coarse timers cost: cost over that with exact ones, geometric mean over the patterns. */
export interface TimerCase {
  stepMs: number
  overExact: number
}

export function timerCases(
  patterns: Pattern[],
  requests: number,
  seed: number,
  priceMs: number,
): TimerCase[] {
  const traffics = patterns.map(({ arrivals }) => arrivals(requests, seed))
  const costs = (timerStepMs: number): number[] =>
    traffics.map((times) => {
      const policy = gapStop(priceMs, 64).create()
      return costMs(simulate(openLoop(times), { policy, maxBatchSize: 64, timerStepMs }), priceMs)
    })
  const exact = costs(0)
  return [1, 5].map((stepMs) => ({ stepMs, overExact: geometricMean(ratios(costs(stepMs), exact)) }))
}

/** What a price buys on steady random traffic, to choose it by. */
export interface SteadyCase {
  rps: number
  priceMs: number
  requestsPerInvocation: number
  meanWaitMs: number
}

export function steadyCases(requests: number, seed: number): SteadyCase[] {
  return [5, 20, 100, 500, 2000].flatMap((rps) => {
    const times = gaps('steady', (random) => random.exponential(1000 / rps)).arrivals(requests, seed)
    return [10, 50, 100, 200, 500].map((priceMs) => {
      const outcome = capped(times, gapStop(priceMs, 64).create())
      return {
        rps,
        priceMs,
        requestsPerInvocation: outcome.requests / outcome.invocations,
        meanWaitMs: outcome.waitMs / outcome.requests,
      }
    })
  })
}

function capped(arrivals: Float64Array, policy: WindowPolicy): Outcome {
  return simulate(openLoop(arrivals), { policy, maxBatchSize: 64 })
}

function ratios(own: number[], base: number[]): number[] {
  return own.map((value, index) => value / (base[index] ?? Number.NaN))
}
