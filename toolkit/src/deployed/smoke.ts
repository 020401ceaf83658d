import { planRoutes } from '../once/plan.ts'
import { probeRoute } from '../once/probe.ts'
import { type RouteReport, reportRoute } from '../once/report.ts'
import type { DeployedRouter } from './routers.ts'

export interface SmokeOptions {
  /** Send requests that may change something, too. */
  unsafe: boolean
  onProgress: (text: string) => void
}

/** A route's report, with the router that it belongs to. */
export interface SmokeReport extends RouteReport {
  router: string
}

/** What was tried, and what was not and why. */
export interface SmokeResult {
  routes: SmokeReport[]
  skipped: string[]
}

/** https://www.rfc-editor.org/rfc/rfc9110#section-9.2.1 */
const SAFE = new Set(['GET', 'HEAD', 'OPTIONS'])

/** Sends one request to each route of the routers. A single one can show that a route works, not that it batches. */
export async function smoke(routers: DeployedRouter[], options: SmokeOptions): Promise<SmokeResult> {
  const result: SmokeResult = { routes: [], skipped: [] }
  for (const router of routers) {
    const { logicalId, baseUrl } = router
    if (baseUrl === undefined)
      result.skipped.push(
        `${logicalId}: no output tells its URL, add one: !Sub https://\${${logicalId}.ServiceUrl}`,
      )
    else await smokeRouter({ ...router, baseUrl }, options, result)
  }
  return result
}

async function smokeRouter(
  { logicalId, baseUrl, routes }: DeployedRouter & { baseUrl: string },
  { unsafe, onProgress }: SmokeOptions,
  result: SmokeResult,
): Promise<void> {
  onProgress(`${logicalId}: ${baseUrl}`)
  for (const plan of planRoutes(routes)) {
    if (unsafe || SAFE.has(plan.method)) {
      const single = { ...plan, requests: 1, batches: false }
      const report = reportRoute(single, await probeRoute(single, { baseUrl }))
      result.routes.push({ router: logicalId, ...report })
    } else result.skipped.push(`${plan.method} ${plan.route.path}: may change something, --unsafe sends it`)
  }
}
