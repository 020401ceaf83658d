import type { Attributes } from '@opentelemetry/api'

/** Methods that clients may name in a series; any other is `_OTHER`, so that nobody can make series at will. */
const METHODS = new Set(['GET', 'HEAD', 'POST', 'PUT', 'DELETE', 'CONNECT', 'OPTIONS', 'TRACE', 'PATCH'])

export function knownMethod(method: string): string {
  return METHODS.has(method) ? method : '_OTHER'
}

/** What a series has to know of a route. */
export interface LabelledRoute {
  routeKey: string
  method: string
  template: { template: string }
  target: { functionName: string }
}

/**
 * The label sets of one route, or of the requests that no route took. Each is made once: recording happens for every
 * request and must not allocate.
 */
export class RouteLabels {
  /** As a span and a semantic convention name it; undefined when no route matched. */
  readonly template: string | undefined
  readonly base: Attributes
  readonly #byOutcome = new Map<string, Attributes>()
  readonly #byLabel = new Map<string, Map<string, Attributes>>()
  #lastHttp: { method: string; status: number; errorType: string | undefined; labels: Attributes } | undefined

  constructor(route?: LabelledRoute) {
    this.template = route?.template.template
    this.base =
      route === undefined
        ? {}
        : { 'http.route': route.template.template, method: route.method, function: route.target.functionName }
  }

  /** The base and one label more. */
  and(label: string, value: string): Attributes {
    const known = this.#byLabel.get(label)?.get(value)
    if (known !== undefined) return known
    const labels = { ...this.base, [label]: value }
    const values = this.#byLabel.get(label) ?? new Map<string, Attributes>()
    this.#byLabel.set(label, values.set(value, labels))
    return labels
  }

  /** Labels of `http.server.request.duration`, as the semantic conventions have them. */
  http(method: string, status: number, errorType: string | undefined): Attributes {
    const last = this.#lastHttp
    // Mostly all is as it was with the last request of the route.
    if (last?.method === method && last.status === status && last.errorType === errorType) return last.labels
    const labels = this.#httpLabels(knownMethod(method), status, errorType)
    this.#lastHttp = { method, status, errorType, labels }
    return labels
  }

  #httpLabels(method: string, status: number, errorType: string | undefined): Attributes {
    const key = `${method} ${status} ${errorType}`
    const known = this.#byOutcome.get(key)
    if (known !== undefined) return known
    const labels = {
      'http.request.method': method,
      'http.response.status_code': status,
      // What the router itself speaks; TLS ends before it.
      'url.scheme': 'http',
      ...(this.template === undefined ? {} : { 'http.route': this.template }),
      ...(errorType === undefined ? {} : { 'error.type': errorType }),
    }
    this.#byOutcome.set(key, labels)
    return labels
  }
}
