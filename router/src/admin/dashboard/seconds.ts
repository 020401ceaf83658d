import type { InvocationEnded, InvocationStarted, RequestEnded, Telemetry } from '../../telemetry/events.ts'
import { bucketOf, count } from './buckets.ts'
import type { RouteSecond } from './messages.ts'
import { nothing } from './route-second.ts'

/** Error codes by which the router refuses for want of room. */
const SHED = new Set(['too_many_requests', 'queue_full', 'router_overloaded', 'shutting_down'])

/** Counts what happens, by route, until it is asked. Costs some additions a request. */
export class SecondCounter {
  #routes: Record<string, RouteSecond> = {}

  /** Returns what ends the counting. */
  follow(telemetry: Telemetry): () => void {
    const ends = [
      telemetry.requestEnded.subscribe((event) => this.#requestEnded(event)),
      telemetry.invocationStarted.subscribe((event) => this.#invocationStarted(event)),
      telemetry.invocationEnded.subscribe((event) => this.#invocationEnded(event)),
    ]
    return () => {
      for (const end of ends) end()
    }
  }

  /** What happened since the last call. */
  take(): Record<string, RouteSecond> {
    const routes = this.#routes
    this.#routes = {}
    return routes
  }

  #requestEnded(event: RequestEnded): void {
    if (event.probe) return
    const route = this.#route(event.routeKey ?? '')
    route.requests += 1
    count(route.latency, bucketOf(event.durationMs))
    if (event.batchWaitMs !== undefined) {
      count(route.wait, bucketOf(event.batchWaitMs))
      route.items += 1
      route.itemMs += Math.max(0, event.durationMs - event.batchWaitMs)
    }
    const problem = problemOf(event)
    if (problem === undefined) return
    route.codes[problem] = (route.codes[problem] ?? 0) + 1
    if (SHED.has(problem)) route.shed += 1
    else if (problem !== 'client_gone' && event.status >= 500) route.failed += 1
    else if (problem === 'reset') route.failed += 1
  }

  #invocationStarted({ routeKey, attempt, batchSize, flushReason }: InvocationStarted): void {
    const route = this.#route(routeKey)
    route.invocations += 1
    if (attempt > 1) return
    count(route.sizes, batchSize)
    route.flushReasons[flushReason] = (route.flushReasons[flushReason] ?? 0) + 1
  }

  #invocationEnded({ routeKey, durationMs }: InvocationEnded): void {
    this.#route(routeKey).invocationMs += durationMs
  }

  #route(routeKey: string): RouteSecond {
    const known = this.#routes[routeKey]
    if (known !== undefined) return known
    const route = nothing()
    this.#routes[routeKey] = route
    return route
  }
}

function problemOf({ code, outcome, status }: RequestEnded): string | undefined {
  if (outcome !== 'sent') return outcome
  if (code !== undefined) return code
  return status >= 500 ? `function ${status}` : undefined
}
