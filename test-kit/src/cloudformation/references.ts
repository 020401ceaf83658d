import { isObject } from '@lpr/contract'
import type { JsonObject } from './json.ts'

/** Logical ids in an order in which each comes after those that it refers to. Throws if they go round in a circle. */
export function dependencyOrder(resources: Record<string, JsonObject>): string[] {
  const order: string[] = []
  const state = new Map<string, 'open' | 'done'>()
  const visit = (id: string, path: string[]) => {
    if (state.get(id) === 'done') return
    if (state.get(id) === 'open') throw new Error(`circular dependency: ${[...path, id].join(' -> ')}`)
    state.set(id, 'open')
    for (const other of dependencies(resources[id] ?? {})) {
      if (Object.hasOwn(resources, other)) visit(other, [...path, id])
    }
    state.set(id, 'done')
    order.push(id)
  }
  for (const id of Object.keys(resources)) visit(id, [])
  return order
}

function dependencies({ DependsOn, Properties }: JsonObject): Set<string> {
  const explicit = [DependsOn ?? []].flat().map(String)
  return new Set([...explicit, ...references(Properties)])
}

/** Every name that a value refers to by `Ref`, `Fn::GetAtt` or `Fn::Sub`. */
function references(node: unknown): string[] {
  if (Array.isArray(node)) return node.flatMap(references)
  if (!isObject(node)) return []
  return Object.entries(node).flatMap(([key, value]) => {
    if (key === 'Ref') return [String(value)]
    if (key === 'Fn::GetAtt') return [String(Array.isArray(value) ? value[0] : value).split('.')[0] ?? '']
    if (key === 'Fn::Sub') return [...inText(Array.isArray(value) ? value[0] : value), ...references(value)]
    return references(value)
  })
}

function inText(text: unknown): string[] {
  return [...String(text).matchAll(/\$\{([^!.}][^.}]*)/g)].map(([, name = '']) => name)
}
