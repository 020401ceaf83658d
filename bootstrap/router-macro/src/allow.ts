import { isFixed, listEntry } from './intrinsics.ts'
import type { JsonObject } from './template.ts'

/**
 * Statements that allow one action on resources. A resource that a condition may take away gets a statement of its
 * own, which goes with it: a statement whose last resource is gone would not be valid.
 */
export function allow(sid: string, action: string, resources: unknown[]): JsonObject[] {
  const fixed = resources.filter(isFixed)
  const conditional = resources.filter((resource) => !isFixed(resource))
  const statement = (suffix: string, resource: unknown) => ({
    Sid: `${sid}${suffix}`,
    Effect: 'Allow',
    Action: action,
    Resource: resource,
  })
  return [
    ...(fixed.length > 0 ? [statement('', fixed)] : []),
    ...conditional.map(
      (resource, index) => listEntry(resource, (leaf) => statement(`If${index + 1}`, leaf)) as JsonObject,
    ),
  ]
}
