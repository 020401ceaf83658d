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
  readonly #sets = new Map<string, Attributes>()

  constructor(route?: LabelledRoute) {
    this.template = route?.template.template
    this.base =
      route === undefined
        ? {}
        : { 'http.route': route.template.template, method: route.method, function: route.target.functionName }
  }

  /** The base and one label more. */
  and(label: string, value: string): Attributes {
    return this.#once(`${label}=${value}`, () => ({ ...this.base, [label]: value }))
  }

  /** Labels of `http.server.request.duration`, as the semantic conventions have them. */
  http(method: string, status: number, errorType: string | undefined): Attributes {
    const known = knownMethod(method)
    return this.#once(`${known} ${status} ${errorType}`, () => ({
      'http.request.method': known,
      'http.response.status_code': status,
      // What the router itself speaks; TLS ends before it.
      'url.scheme': 'http',
      ...(this.template === undefined ? {} : { 'http.route': this.template }),
      ...(errorType === undefined ? {} : { 'error.type': errorType }),
    }))
  }

  #once(key: string, make: () => Attributes): Attributes {
    let labels = this.#sets.get(key)
    if (labels === undefined) {
      labels = make()
      this.#sets.set(key, labels)
    }
    return labels
  }
}
