import { type Counts, count, percentileMs } from '../src/admin/dashboard/buckets.ts'
import type { RouteSecond, Second } from '../src/admin/dashboard/messages.ts'
import { nothing } from '../src/admin/dashboard/route-second.ts'

/** What is looked at: one route, or all of them. */
export type Selection = string | undefined

/** Sums over some seconds. */
export type Sums = RouteSecond

/** What happened on the selected routes within some seconds, taken together. */
export function sumOf(seconds: Second[], selection: Selection): Sums {
  const sums = nothing()
  for (const { routes } of seconds) {
    for (const [routeKey, route] of Object.entries(routes))
      if (selection === undefined || routeKey === selection) add(sums, route)
  }
  return sums
}

function add(sums: Sums, route: RouteSecond): void {
  for (const name of [
    'requests',
    'shed',
    'failed',
    'invocations',
    'invocationMs',
    'items',
    'itemMs',
  ] as const)
    sums[name] += route[name]
  for (const name of ['latency', 'wait', 'sizes'] as const) merge(sums[name], route[name])
  for (const [code, times] of Object.entries(route.codes)) sums.codes[code] = (sums.codes[code] ?? 0) + times
  for (const [reason, times] of Object.entries(route.flushReasons)) {
    const key = reason as keyof Sums['flushReasons']
    sums.flushReasons[key] = (sums.flushReasons[key] ?? 0) + times
  }
}

function merge(into: Counts, counts: Counts): void {
  for (const [key, times] of Object.entries(counts)) count(into, Number(key), times)
}

/** One value a second; undefined where there is nothing to tell. */
export function series(
  seconds: Second[],
  selection: Selection,
  value: (sums: Sums) => number | undefined,
): (number | undefined)[] {
  return seconds.map((second) => value(sumOf([second], selection)))
}

export function meanBatchSize({ sizes }: Sums): number | undefined {
  const entries = Object.entries(sizes)
  const batches = entries.reduce((sum, [, times]) => sum + times, 0)
  if (batches === 0) return undefined
  return entries.reduce((sum, [size, times]) => sum + Number(size) * times, 0) / batches
}

/** Share of invocations that batching has saved, against one a request; undefined before there is any. */
export function savedShare({ items, invocations }: Sums): number | undefined {
  return items === 0 ? undefined : Math.max(0, 1 - invocations / items)
}

export const percentile =
  (name: 'latency' | 'wait', share: number) =>
  (sums: Sums): number | undefined =>
    percentileMs(sums[name], share)

/** What Lambda charges, in USD. */
export interface Prices {
  perMillionInvocations: number
  perGbSecond: number
  memoryMb: number
}

export interface Bill {
  direct: number
  batched: number
}

/**
 * What the requests would have cost, each with an invocation of its own that takes as long as its answer took, and what
 * their batches did cost. The router's own machine is not in it.
 */
export function billOf({ items, itemMs, invocations, invocationMs }: Sums, prices: Prices): Bill {
  const gigabytes = prices.memoryMb / 1024
  const cost = (count: number, ms: number): number =>
    (count * prices.perMillionInvocations) / 1e6 + (ms / 1000) * gigabytes * prices.perGbSecond
  return { direct: cost(items, itemMs), batched: cost(invocations, invocationMs) }
}
