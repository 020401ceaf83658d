import { areaRule, type Candidate, FIXED, gapStop, SIGMOIDS } from './baselines.ts'
import { optimalCostMs } from './optimum.ts'
import type { Pattern } from './patterns.ts'
import { costMs, type Outcome, simulate } from './simulate.ts'
import { openLoop } from './sources.ts'

export interface StudyOptions {
  patterns: Pattern[]
  pricesMs: number[]
  batchSizes: number[]
  requests: number
  seed: number
  /** Requests a pattern on which the best common setting of a baseline is looked for; its figures come from all. */
  searchRequests: number
  fixed?: Candidate[]
  sigmoids?: Candidate[]
  onProgress?(what: string): void
}

/** One policy, with one setting for all patterns, at one price. */
export interface Standing {
  policy: 'gap-stop' | 'best fixed' | 'best sigmoid' | 'area rule'
  setting: string
  maxBatchSize: number
  priceMs: number
  /** Cost over the clairvoyant optimum, by pattern, in the order of the patterns. */
  ratios: number[]
  geometricMean: number
  worst: number
}

interface Candidates {
  fixed: Candidate[]
  sigmoids: Candidate[]
}

interface Traffic {
  name: string
  arrivals: Float64Array
}

/** Every policy against the optimum: each price and batch size, each pattern. */
export function study({ patterns, requests, seed, ...options }: StudyOptions): Standing[] {
  const { searchRequests, fixed = FIXED, sigmoids = SIGMOIDS } = options
  const traffics = patterns.map(({ name, arrivals }) => ({ name, arrivals: arrivals(requests, seed) }))
  return options.batchSizes.flatMap((maxBatchSize) => {
    options.onProgress?.(`searching the best common settings, maxBatchSize ${maxBatchSize}`)
    const search = new Search(traffics, { fixed, sigmoids }, searchRequests, maxBatchSize)
    return options.pricesMs.flatMap((priceMs) => {
      options.onProgress?.(`maxBatchSize ${maxBatchSize}, K ${priceMs} ms`)
      return standings(traffics, search, maxBatchSize, priceMs)
    })
  })
}

export function find(
  standings: Standing[],
  policy: Standing['policy'],
  maxBatchSize: number,
  priceMs: number,
): Standing | undefined {
  return standings.find(
    (one) => one.policy === policy && one.maxBatchSize === maxBatchSize && one.priceMs === priceMs,
  )
}

export function geometricMean(values: number[]): number {
  return Math.exp(values.reduce((sum, value) => sum + Math.log(value), 0) / values.length)
}

function standings(traffics: Traffic[], search: Search, maxBatchSize: number, priceMs: number): Standing[] {
  const optima = traffics.map(({ arrivals }) => optimalCostMs(arrivals, priceMs, maxBatchSize))
  const standing = (policy: Standing['policy'], candidate: Candidate): Standing => {
    const outcomes = traffics.map(({ arrivals }) => run(arrivals, candidate, maxBatchSize))
    const ratios = ratiosOf(outcomes, optima, priceMs)
    const summary = { geometricMean: geometricMean(ratios), worst: Math.max(...ratios) }
    return { policy, setting: candidate.name, maxBatchSize, priceMs, ratios, ...summary }
  }
  return [
    standing('gap-stop', gapStop(priceMs, maxBatchSize)),
    standing('best fixed', search.best('fixed', priceMs)),
    standing('best sigmoid', search.best('sigmoids', priceMs)),
    standing('area rule', areaRule(priceMs)),
  ]
}

/** Looks for the setting that is best for all patterns together. A run does not depend on the price, so it serves all. */
class Search {
  readonly #candidates: Candidates
  readonly #maxBatchSize: number
  readonly #samples: Float64Array[]
  readonly #outcomes = new Map<Candidate, Outcome[]>()

  constructor(traffics: Traffic[], candidates: Candidates, requests: number, maxBatchSize: number) {
    this.#candidates = candidates
    this.#maxBatchSize = maxBatchSize
    this.#samples = traffics.map(({ arrivals }) => arrivals.subarray(0, requests))
  }

  best(kind: keyof Candidates, priceMs: number): Candidate {
    const optima = this.#samples.map((arrivals) => optimalCostMs(arrivals, priceMs, this.#maxBatchSize))
    const ranked = this.#candidates[kind].map((candidate) => ({
      candidate,
      mean: geometricMean(ratiosOf(this.#run(candidate), optima, priceMs)),
    }))
    const [first] = ranked.sort((a, b) => a.mean - b.mean)
    if (first === undefined) throw new Error('expected at least one candidate')
    return first.candidate
  }

  #run(candidate: Candidate): Outcome[] {
    const known = this.#outcomes.get(candidate)
    if (known !== undefined) return known
    const outcomes = this.#samples.map((arrivals) => run(arrivals, candidate, this.#maxBatchSize))
    this.#outcomes.set(candidate, outcomes)
    return outcomes
  }
}

function run(arrivals: Float64Array, candidate: Candidate, maxBatchSize: number): Outcome {
  return simulate(openLoop(arrivals), { policy: candidate.create(), maxBatchSize })
}

function ratiosOf(outcomes: Outcome[], optima: number[], priceMs: number): number[] {
  return outcomes.map((outcome, index) => costMs(outcome, priceMs) / (optima[index] ?? Number.NaN))
}
