import type { AdaptiveWait } from '@lpr/contract'
import { adaptiveWindow } from '../../../router/src/batching/adaptive-window.ts'
import { fixedWindow, type WindowPolicy } from '../../../router/src/batching/window.ts'
import { PATTERNS } from '../../frontier/patterns.ts'
import { simulate } from '../../frontier/simulate.ts'
import { openLoop } from '../../frontier/sources.ts'

/** A traffic that is both simulated and sent. */
export interface AgreementCase {
  pattern: string
  policy: 'fixed' | 'adaptive'
  /** Times in ms, from 0. */
  arrivals: Float64Array
}

export const MAX_WAIT_MS = 25
export const MAX_BATCH_SIZE = 64
export const SERVICE_MS = 20
export const ADAPTIVE: AdaptiveWait = {}

/** 20 to 40 s of each: dense, thin and bursty traffic. */
const TRAFFICS: [pattern: string, requests: number][] = [
  ['poisson 50 rps', 1000],
  ['poisson 200 rps', 4000],
  ['poisson 1000 rps', 15_000],
  ['bursts', 2000],
  ['page loads', 1800],
  ['cron', 1200],
]

export function agreementCases(seed: number): AgreementCase[] {
  return TRAFFICS.flatMap(([name, requests]) => {
    const pattern = PATTERNS.find((candidate) => candidate.name === name)
    if (pattern === undefined) throw new Error(`no pattern ${name}`)
    const recorded = pattern.arrivals(requests, seed)
    const first = recorded[0] ?? 0
    const arrivals = recorded.map((time) => time - first)
    return (['fixed', 'adaptive'] as const).map((policy) => ({ pattern: name, policy, arrivals }))
  })
}

/** Invocations a request, by the simulator of `benchmark/frontier`, which drives the router's own policy. */
export function simulated(policy: AgreementCase['policy'], arrivals: Float64Array): number {
  const { invocations, requests } = simulate(openLoop(arrivals), {
    policy: policyOf(policy),
    maxBatchSize: MAX_BATCH_SIZE,
    serviceMs: () => SERVICE_MS,
  })
  return invocations / requests
}

/**
 * Arrivals as the events tell them, in whole ms. Those of the same ms are spread over it, because a window that learns
 * from gaps would otherwise learn that there are none.
 */
export function spread(epochMs: number[]): Float64Array {
  const counts = new Map<number, number>()
  for (const ms of epochMs) counts.set(ms, (counts.get(ms) ?? 0) + 1)
  const times = [...counts].flatMap(([ms, count]) =>
    Array.from({ length: count }, (_, index) => ms + (index + 0.5) / count),
  )
  return Float64Array.from(times).sort()
}

function policyOf(policy: AgreementCase['policy']): WindowPolicy {
  return policy === 'fixed' ? fixedWindow(MAX_WAIT_MS) : adaptiveWindow(ADAPTIVE, MAX_WAIT_MS, MAX_BATCH_SIZE)
}
