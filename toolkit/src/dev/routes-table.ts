import { textTable } from '../output.ts'
import type { RouteInfo } from '../stack/routes.ts'

/** The routes for people: one line each. */
export function routesTable(routes: RouteInfo[]): string {
  const header = ['METHOD', 'PATH', 'FUNCTION', 'MODE', 'WINDOW', 'SIZE', 'KEY']
  return textTable(
    header,
    routes.map((route) => [
      route.method,
      route.path,
      route.functionName,
      route.invokeMode,
      windowText(route),
      String(route.maxBatchSize),
      route.key.map(({ kind, name }) => (name === '' ? kind : `${kind}:${name}`)).join(' ') || '-',
    ]),
  )
}

/** A command for each route that shows it at work. */
export function curlLines(routes: RouteInfo[], baseUrl: string, limit = 3): string[] {
  return routes.slice(0, limit).map((route) => {
    const method = route.method === 'GET' ? '' : ` -X ${route.method}`
    const stream = route.invokeMode === 'response_stream' ? ' -N' : ''
    const path = route.path.replace(/\{[^}]+\}/g, 'hello')
    return `curl -i${stream}${method} ${baseUrl}${path}`
  })
}

function windowText({ wait, maxWaitMs }: RouteInfo): string {
  return wait === 'fixed' ? `${maxWaitMs} ms` : `<= ${maxWaitMs} ms (${wait})`
}
