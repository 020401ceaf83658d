import { adaptiveWindow } from './batching/adaptive-window.ts'
import type { BatchRoute } from './batching/batch.ts'
import { dynamicWindow, fixedWindow, type WindowPolicy } from './batching/window.ts'
import { envelopeBytes } from './invoke/payload.ts'
import type { InvokeRoute } from './invoke/runner.ts'
import type { Route } from './routing/routes.ts'

/** What batching and invoking have to know of a route. */
export function planOf(route: Route): InvokeRoute {
  return {
    routeKey: route.routeKey,
    path: route.template.template,
    target: route.target,
    settings: route.settings,
    maxBatchSize: route.settings.maxBatchSize,
    maxQueueDepth: route.maxQueueDepth,
    maxInflightInvocations: route.settings.maxInflightInvocations ?? Number.POSITIVE_INFINITY,
    envelopeBytes: envelopeBytes(route.template.template),
    lastPayloadBytes: 0,
  }
}

/** A window as the route's settings want it, for one batch key. */
export function newWindow({ settings }: InvokeRoute): WindowPolicy {
  const { maxWaitMs, maxBatchSize, dynamicWait, adaptiveWait } = settings
  if (adaptiveWait !== undefined) return adaptiveWindow(adaptiveWait, maxWaitMs, maxBatchSize)
  return dynamicWait === undefined ? fixedWindow(maxWaitMs) : dynamicWindow(dynamicWait, maxWaitMs)
}

/** The plan of a route of this router; throws for any other. */
export function lookup(plans: Map<Route, InvokeRoute>): (route: Route) => BatchRoute {
  return (route) => {
    const plan = plans.get(route)
    if (plan === undefined) throw new Error(`${route.routeKey} is not a route of this router`)
    return plan
  }
}
