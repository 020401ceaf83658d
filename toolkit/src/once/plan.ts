import type { RouteInfo } from '../stack/routes.ts'

/** The requests that show whether a route works: all the same, so that they can share batches. */
export interface RoutePlan {
  route: RouteInfo
  method: string
  /** Path and query, filled in. */
  target: string
  headers: Record<string, string>
  body?: string
  /** How many are sent at a time. */
  requests: number
  /** Whether a batch of more than one is possible, and therefore expected. */
  batches: boolean
}

const FILLER = 'hello'
const MAX_REQUESTS = 64
const WITH_BODY = new Set(['POST', 'PUT', 'PATCH'])

/** Twice as many requests as fit into a batch, with every parameter, example and key dimension filled in. */
export function planRoutes(routes: RouteInfo[]): RoutePlan[] {
  const paths = new Set(routes.map(({ path }) => path))
  return routes.map((route) => planRoute(route, paths))
}

function planRoute(route: RouteInfo, paths: Set<string>): RoutePlan {
  const { method, maxBatchSize, maxWaitMs } = route
  const withBody = WITH_BODY.has(method)
  const cookies = valuesOf(route, 'cookie').map(([name, value]) => `${name}=${value}`)
  const query = new URLSearchParams([...route.exampleQuery, ...valuesOf(route, 'query')]).toString()
  return {
    route,
    method,
    target: `${filledPath(route.path, paths)}${query === '' ? '' : `?${query}`}`,
    headers: {
      ...Object.fromEntries(valuesOf(route, 'header')),
      ...(cookies.length > 0 ? { cookie: cookies.join('; ') } : {}),
      ...(withBody ? { 'content-type': 'application/json' } : {}),
    },
    ...(withBody ? { body: JSON.stringify({ greeting: FILLER }) } : {}),
    requests: Math.min(2 * maxBatchSize, MAX_REQUESTS),
    batches: maxBatchSize > 1 && maxWaitMs > 0,
  }
}

function valuesOf({ key }: RouteInfo, kind: string): [string, string][] {
  return key.filter((dimension) => dimension.kind === kind).map(({ name }) => [name, FILLER])
}

/** A static route of the same spelling would win over the parameter, so the filler gives way. */
function filledPath(path: string, paths: Set<string>): string {
  let filler = FILLER
  let filled = fill(path, filler)
  while (filled !== path && paths.has(filled)) {
    filler = `${filler}-1`
    filled = fill(path, filler)
  }
  return filled
}

function fill(path: string, filler: string): string {
  return path.replace(/\{[^}]+\}/g, filler)
}
