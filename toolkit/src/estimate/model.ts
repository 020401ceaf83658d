import type { RouteInfo } from '../stack/routes.ts'
import { type BatchStatistics, batchStatistics } from './batches.ts'
import type { Prices } from './prices.ts'

/** The traffic of one route, and what a request of it takes. */
export interface RouteTraffic {
  rps: number
  /** How many batch keys share the traffic, equally. */
  keys: number
  memoryMb: number
  /** Mean time that a request takes alone, in ms. */
  durationMs: number
  /** The part of it that the processor works; the rest is waiting. */
  cpuMs: number
  /** How much the waiting differs between requests: 0 always the same, 1 exponential. */
  spread: number
}

export interface RouteEstimate {
  route: string
  rps: number
  /** Of both: invocations a second, and USD a month. */
  direct: { invocationsPerSecond: number; usdPerMonth: number }
  batched: { invocationsPerSecond: number; usdPerMonth: number }
  meanBatchSize: number
  /** Mean time in ms that a request waits for the flush. */
  waitMs: number
  /** Mean time in ms that it waits, once invoked, for the others of its batch. */
  companyMs: number
}

const SECONDS_PER_MONTH = 730 * 3600

/** Durations are rounded up to the next ms, which adds half of one on average. */
const BILLING_ROUNDING_MS = 0.5

export function estimateRoute(route: RouteInfo, traffic: RouteTraffic, prices: Prices): RouteEstimate {
  const { rps, keys, durationMs } = traffic
  const statistics = batchStatistics(rps / keys, route.maxWaitMs, route.maxBatchSize)
  const perSecond = rps / statistics.meanSize
  const direct = lambdaUsd(rps, durationMs, traffic, prices) + (rps * prices.directPerMillion) / 1e6
  const batched = lambdaUsd(perSecond, meanBatchMs(statistics, traffic), traffic, prices)
  return {
    route: `${route.method} ${route.path}`,
    rps,
    direct: { invocationsPerSecond: rps, usdPerMonth: direct * SECONDS_PER_MONTH },
    batched: { invocationsPerSecond: perSecond, usdPerMonth: batched * SECONDS_PER_MONTH },
    meanBatchSize: statistics.meanSize,
    waitMs: statistics.meanWaitMs,
    companyMs: meanCompanyMs(route, statistics, traffic),
  }
}

/** USD a second. */
function lambdaUsd(perSecond: number, ms: number, { memoryMb }: RouteTraffic, prices: Prices): number {
  const gbSeconds = (perSecond * (ms + BILLING_ROUNDING_MS) * memoryMb) / 1024 / 1000
  return (perSecond * prices.requestsPerMillion) / 1e6 + gbSeconds * prices.gbSecond
}

/**
 * How long a batch of `size` keeps its environment: the processor works for one request after the other, the waiting
 * happens side by side and ends with the longest. No overlap of the two is counted on. The waiting of a request is a
 * constant and an exponential part, whose longest of n is the n-th harmonic number times its mean.
 */
export function batchMs(size: number, { durationMs, cpuMs, spread }: RouteTraffic): number {
  return size * cpuMs + (durationMs - cpuMs) * (1 + spread * (harmonic(size) - 1))
}

function meanBatchMs({ sizes }: BatchStatistics, traffic: RouteTraffic): number {
  return sizes.reduce((sum, probability, index) => sum + probability * batchMs(index + 1, traffic), 0)
}

/** Buffered answers come when the whole batch is done; streamed ones wait for the processor only. */
function meanCompanyMs(
  { invokeMode }: RouteInfo,
  { sizes, meanSize }: BatchStatistics,
  traffic: RouteTraffic,
): number {
  const added = (size: number) => {
    if (invokeMode === 'buffered') return batchMs(size, traffic) - traffic.durationMs
    return ((size - 1) / 2) * traffic.cpuMs
  }
  // A request is more often in a large batch than a batch is large.
  const sum = sizes.reduce((all, probability, index) => all + probability * (index + 1) * added(index + 1), 0)
  return sum / meanSize
}

function harmonic(n: number): number {
  let sum = 0
  for (let k = 1; k <= n; k += 1) sum += 1 / k
  return sum
}

export interface Totals {
  directUsd: number
  batchedUsd: number
  routerUsd: number
  /** What batching saves a month, the router paid; negative if it costs more. */
  savedUsd: number
}

export function totalsOf(routes: RouteEstimate[], instances: number, prices: Prices): Totals {
  const sum = (side: 'direct' | 'batched') => routes.reduce((all, route) => all + route[side].usdPerMonth, 0)
  const directUsd = sum('direct')
  const batchedUsd = sum('batched')
  const routerUsd = (instances * prices.routerHour * SECONDS_PER_MONTH) / 3600
  return { directUsd, batchedUsd, routerUsd, savedUsd: directUsd - batchedUsd - routerUsd }
}
