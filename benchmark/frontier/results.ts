import { type Expense, expense } from './expense.ts'
import { type Frontier, frontier } from './frontier.ts'
import { HELD_OUT } from './held-out.ts'
import { PATTERNS } from './patterns.ts'
import {
  type CappedCase,
  type ClosedCase,
  cappedCases,
  closedCases,
  type HeldOutCase,
  heldOutCases,
  type SteadyCase,
  steadyCases,
  type TimerCase,
  timerCases,
  youngKeys,
} from './special-cases.ts'
import { geometricMean, type Standing, study } from './study.ts'

export const PRICES_MS = [10, 20, 50, 100]
export const BATCH_SIZES = [16, 64]

export interface Options {
  requests: number
  seed: number
  onProgress?(what: string): void
}

export interface YoungKeys {
  priceMs: number
  /** By pattern. */
  ratios: number[]
  geometricMean: number
}

export interface Results {
  requests: number
  seed: number
  node: string
  patterns: string[]
  standings: Standing[]
  frontier: Frontier
  youngKeys: YoungKeys[]
  closed: ClosedCase[]
  capped: CappedCase[]
  heldOut: HeldOutCase[]
  timers: TimerCase[]
  steady: SteadyCase[]
  expense: Expense
}

/** Runs everything. Simulated figures are the same for the same options, on every machine. */
export function measure({ requests, seed, onProgress = () => undefined }: Options): Results {
  const patterns = PATTERNS
  const searchRequests = Math.min(requests, 20_000)
  const standings = study({
    patterns,
    requests,
    seed,
    searchRequests,
    onProgress,
    pricesMs: PRICES_MS,
    batchSizes: BATCH_SIZES,
  })
  onProgress('the trade between waiting and invoking')
  const trade = frontier(patterns, requests, seed, 64)
  onProgress('young keys, closed loops, caps')
  const young = PRICES_MS.map((priceMs) => {
    const ratios = youngKeys(patterns, priceMs)
    return { priceMs, ratios, geometricMean: geometricMean(ratios) }
  })
  const closed = closedCases(requests, seed, PRICES_MS)
  const capped = cappedCases(patterns, requests, seed)
  onProgress('CPU and memory of the policy')
  return {
    requests,
    seed,
    node: process.version,
    patterns: patterns.map(({ name }) => name),
    standings,
    frontier: trade,
    youngKeys: young,
    closed,
    capped,
    heldOut: heldOutCases(HELD_OUT, requests, seed, PRICES_MS),
    timers: timerCases(patterns, requests, seed, 50),
    steady: steadyCases(requests, seed),
    expense: expense(patterns, requests, 64),
  }
}
