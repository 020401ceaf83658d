import type { RouteInfo } from '../stack/routes.ts'
import { planRoutes, type RoutePlan } from './plan.ts'
import { type ProbeResult, probeRoute } from './probe.ts'
import { largestBatch, type RouteReport, reportRoute, reportSkipped } from './report.ts'

export interface OnceOptions {
  baseUrl: string
  onProgress: (text: string) => void
  /** Why functions are not run, by name: their routes are not probed. */
  skipped?: Map<string, string>
  signal?: AbortSignal
}

/** A route whose window follows its traffic may need some before it batches. */
const MAX_ROUNDS = 4

/**
 * Sends requests to every route and judges what comes back. A first round starts the functions and is not judged; routes
 * are probed one after another, so that each has the machine to itself, its own requests all at once.
 */
export async function probeRoutes(routes: RouteInfo[], options: OnceOptions): Promise<RouteReport[]> {
  const skipped = options.skipped ?? new Map()
  const plans = planRoutes(routes)
  const probed = plans.filter(({ route }) => !skipped.has(route.functionName))
  options.onProgress(`warming up ${probed.length} routes`)
  for (const plan of probed) await probeRoute(plan, options)
  const reports: RouteReport[] = []
  for (const plan of plans) {
    options.signal?.throwIfAborted()
    const reason = skipped.get(plan.route.functionName)
    if (reason !== undefined) {
      reports.push(reportSkipped(plan, reason))
      continue
    }
    options.onProgress(`${plan.method} ${plan.route.path}: ${plan.requests} requests`)
    reports.push(reportRoute(plan, await rounds(plan, options)))
  }
  return reports
}

/** All answers of as many rounds as it takes to see a batch. */
async function rounds(plan: RoutePlan, options: OnceOptions): Promise<ProbeResult[]> {
  const results: ProbeResult[] = []
  for (let round = 0; round < MAX_ROUNDS; round += 1) {
    results.push(...(await probeRoute(plan, options)))
    if (!plan.batches || largestBatch(results) > 1) break
  }
  return results
}
