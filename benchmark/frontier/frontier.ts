import { type Candidate, FIXED, gapStop } from './baselines.ts'
import type { Pattern } from './patterns.ts'
import { simulate } from './simulate.ts'
import { openLoop } from './sources.ts'

/** What one setting does to the whole fleet of patterns, each pattern counting the same. */
export interface FleetPoint {
  setting: string
  meanWaitMs: number
  /** Mean over the patterns of invocations over requests. */
  invocationsPerRequest: number
}

export interface Frontier {
  gapStop: FleetPoint[]
  fixed: FleetPoint[]
  /** At equal mean wait: the share of the fixed window's invocations that gap-stop saves, in percent. */
  saved: { meanWaitMs: number; percent: number }[]
}

const PRICES_MS = [1, 2, 5, 10, 20, 35, 50, 75, 100, 150, 200, 350, 500, 1000]
const MEAN_WAITS_MS = [2, 5, 10, 20, 50]

/** The trade between waiting and invoking: how many invocations a given mean wait buys. */
export function frontier(
  patterns: Pattern[],
  requests: number,
  seed: number,
  maxBatchSize: number,
): Frontier {
  const traffics = patterns.map(({ arrivals }) => arrivals(requests, seed))
  const point = (candidate: Candidate): FleetPoint => fleetPoint(candidate, traffics, maxBatchSize)
  const learned = PRICES_MS.map((priceMs) => point(gapStop(priceMs, maxBatchSize)))
  const fixed = FIXED.map(point)
  const saved = MEAN_WAITS_MS.map((meanWaitMs) => ({
    meanWaitMs,
    percent: 100 * (1 - invocationsAt(learned, meanWaitMs) / invocationsAt(fixed, meanWaitMs)),
  }))
  return { gapStop: learned, fixed, saved }
}

function fleetPoint(candidate: Candidate, traffics: Float64Array[], maxBatchSize: number): FleetPoint {
  let wait = 0
  let invocations = 0
  for (const arrivals of traffics) {
    const outcome = simulate(openLoop(arrivals), { policy: candidate.create(), maxBatchSize })
    wait += outcome.waitMs / outcome.requests
    invocations += outcome.invocations / outcome.requests
  }
  const count = traffics.length
  return { setting: candidate.name, meanWaitMs: wait / count, invocationsPerRequest: invocations / count }
}

/** Between two measured points, along a straight line. */
function invocationsAt(points: FleetPoint[], meanWaitMs: number): number {
  const sorted = points.toSorted((a, b) => a.meanWaitMs - b.meanWaitMs)
  const index = sorted.findIndex((point) => point.meanWaitMs >= meanWaitMs)
  const [before, after] = [sorted[index - 1], sorted[index]]
  if (before === undefined || after === undefined)
    throw new Error(`${meanWaitMs} ms is outside what was measured`)
  const share = (meanWaitMs - before.meanWaitMs) / (after.meanWaitMs - before.meanWaitMs)
  return before.invocationsPerRequest + share * (after.invocationsPerRequest - before.invocationsPerRequest)
}
