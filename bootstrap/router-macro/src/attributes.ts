import { show, unknownKey } from '@lpr/contract'
import type { Problems } from './problems.ts'
import { defined, type JsonObject, type Resource } from './template.ts'

const ATTRIBUTES = [
  'Type',
  'Properties',
  'Condition',
  'DependsOn',
  'DeletionPolicy',
  'UpdateReplacePolicy',
  'Metadata',
]
const INAPPLICABLE = ['CreationPolicy', 'UpdatePolicy']

/** Reports resource attributes that mean nothing on a router. */
export function checkAttributes(logicalId: string, source: JsonObject, problems: Problems): void {
  for (const name of Object.keys(source)) {
    const place = `${logicalId}.${name}`
    if (INAPPLICABLE.includes(name)) problems.add(place, 'does not apply to a router')
    else if (!ATTRIBUTES.includes(name)) problems.add(place, unknownKey(name, ATTRIBUTES))
  }
  for (const name of ['DeletionPolicy', 'UpdateReplacePolicy']) {
    if (source[name] === 'Snapshot')
      problems.add(`${logicalId}.${name}`, `a router has no snapshots, got ${show(source[name])}`)
  }
}

/**
 * Carries the attributes of a router to what it becomes. The condition belongs on everything, or a router that is
 * switched off would leave its parts behind. A service that outlives the stack needs its roles and settings, so they
 * share its deletion policy; the publisher does not, for deleting it deletes nothing. The rest is the service's own.
 */
export function withAttributes(
  logicalId: string,
  source: JsonObject,
  resources: Record<string, Resource>,
): Record<string, JsonObject> {
  const { Condition, DependsOn, DeletionPolicy, UpdateReplacePolicy, Metadata } = source
  const result: Record<string, JsonObject> = {}
  for (const [id, { Type, Properties }] of Object.entries(resources)) {
    const isService = id === logicalId
    const outlives = !Type.startsWith('Custom::')
    result[id] = defined({
      Type,
      Condition,
      ...(outlives ? { DeletionPolicy } : {}),
      ...(isService ? { DependsOn, UpdateReplacePolicy, Metadata } : {}),
      Properties,
    })
  }
  return result
}
