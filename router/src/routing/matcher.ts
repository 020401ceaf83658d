import type { Route } from './routes.ts'

/** What a request matched: a route, or a path without this method, or nothing. */
export type Match =
  | { kind: 'route'; route: Route /** Raw text, in the template's order. */; values: string[] }
  | { kind: 'method_not_allowed' /** Sorted. */; allow: string[] }
  | { kind: 'not_found' }

export interface Matcher {
  match(method: string, rawPath: string): Match
}

interface Leaf {
  routes: Map<string, Route>
  allow: string[]
}

interface Node {
  statics: Map<string, Node>
  /** Longest prefix first, so that `pre-{id}` wins over `{id}`. */
  params: { prefix: string; node: Node }[]
  greedy: Leaf | undefined
  leaf: Leaf | undefined
}

const NOT_FOUND: Match = { kind: 'not_found' }

/**
 * Builds a matcher over path segments. Static text beats a parameter, which beats a greedy one, whatever the order in
 * the spec; a dead end backtracks. Paths are compared as received: no decoding, no normalisation, case-sensitive.
 */
export function createMatcher(routes: Route[]): Matcher {
  const root = newNode()
  for (const route of routes) insert(root, route)
  return {
    match(method, rawPath) {
      if (!rawPath.startsWith('/')) return NOT_FOUND
      const values: string[] = []
      const leaf = find(root, rawPath.slice(1).split('/'), 0, values)
      if (leaf === undefined) return NOT_FOUND
      const route = leaf.routes.get(method)
      return route === undefined
        ? { kind: 'method_not_allowed', allow: leaf.allow }
        : { kind: 'route', route, values }
    },
  }
}

function find(node: Node, segments: string[], index: number, values: string[]): Leaf | undefined {
  const segment = segments[index]
  if (segment === undefined) return node.leaf
  const next = node.statics.get(segment)
  const found = next && find(next, segments, index + 1, values)
  if (found) return found
  for (const { prefix, node: child } of node.params) {
    if (segment.length <= prefix.length || !segment.startsWith(prefix)) continue
    values.push(segment.slice(prefix.length))
    const leaf = find(child, segments, index + 1, values)
    if (leaf) return leaf
    values.pop()
  }
  const rest = node.greedy && segments.slice(index).join('/')
  if (!rest) return undefined
  values.push(rest)
  return node.greedy
}

function insert(root: Node, route: Route): void {
  let node = root
  for (const segment of route.template.segments) {
    if (segment.kind === 'greedy') {
      node.greedy ??= newLeaf()
      addRoute(node.greedy, route)
      return
    }
    node = segment.kind === 'static' ? staticChild(node, segment.text) : paramChild(node, segment.prefix)
  }
  node.leaf ??= newLeaf()
  addRoute(node.leaf, route)
}

/** A GET route also answers HEAD, unless HEAD has an operation of its own. */
function addRoute(leaf: Leaf, route: Route): void {
  leaf.routes.set(route.method, route)
  const get = leaf.routes.get('GET')
  if (get !== undefined && !leaf.routes.has('HEAD')) leaf.routes.set('HEAD', get)
  leaf.allow = [...leaf.routes.keys()].sort()
}

function staticChild(node: Node, text: string): Node {
  const child = node.statics.get(text) ?? newNode()
  node.statics.set(text, child)
  return child
}

function paramChild(node: Node, prefix: string): Node {
  const known = node.params.find((param) => param.prefix === prefix)
  if (known !== undefined) return known.node
  const child = newNode()
  node.params.push({ prefix, node: child })
  node.params.sort((a, b) => b.prefix.length - a.prefix.length)
  return child
}

function newNode(): Node {
  return { statics: new Map(), params: [], greedy: undefined, leaf: undefined }
}

function newLeaf(): Leaf {
  return { routes: new Map(), allow: [] }
}
