import type { Batch } from '../batching/batch.ts'
import type { Route } from '../routing/routes.ts'
import type { RouteFigures } from '../telemetry/metrics/observe.ts'

/** What `/status` tells: figures of this moment, for people and scripts. */
export interface Status {
  version: string
  /** Hash of the config document. */
  configSha256: string | undefined
  state: string
  uptimeSeconds: number
  inflightRequests: number
  inflightInvocations: number
  pendingInvocations: number
  batchKeys: number
  routes: RouteStatus[]
  /** Batches that still take requests, the oldest first; a hundred at most. */
  openBatches: OpenBatch[]
}

export interface RouteStatus {
  routeKey: string
  functionName: string
  invokeMode: string
  maxWaitMs: number
  maxBatchSize: number
  batchKeys: number
  /** Requests that wait for their invocation. */
  queueDepth: number
  pendingInvocations: number
  inflightInvocations: number
}

export interface OpenBatch {
  batchId: string
  routeKey: string
  /** `open`: its window runs. `pending`: it waits for a free invocation. */
  state: string
  size: number
  ageMs: number
}

const MAX_OPEN_BATCHES = 100

export function routeStatus({ route, ...figures }: RouteFigures & { route: Route }): RouteStatus {
  const { routeKey, target, settings } = route
  const { invokeMode, maxWaitMs, maxBatchSize } = settings
  return { routeKey, functionName: target.functionName, invokeMode, maxWaitMs, maxBatchSize, ...figures }
}

export function openBatches(batches: Iterable<Batch>, nowMs: number): OpenBatch[] {
  return [...batches]
    .sort((a, b) => a.openedAtMs - b.openedAtMs)
    .slice(0, MAX_OPEN_BATCHES)
    .map(({ id, route, state, items, openedAtMs }) => ({
      batchId: id,
      routeKey: route.routeKey,
      state,
      size: items.size,
      ageMs: Math.round(nowMs - openedAtMs),
    }))
}
