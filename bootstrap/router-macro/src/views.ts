import { isIntrinsic, isObject } from '@lpr/contract'
import { asIf, isAbsent, UNKNOWN } from './intrinsics.ts'
import type { Scope } from './scope.ts'
import type { JsonObject } from './template.ts'

/**
 * What a map may look like once deployed, as far as that is known: parameters are replaced by their values and absent
 * values are gone. Where parameters decide a condition, only its outcome counts. Of the others there is one view for
 * either outcome, with the rest left open: combinations are not tried, for some of them may be impossible and their
 * mistakes would be none.
 */
export function views(map: JsonObject, scope: Scope): JsonObject[] {
  const decided = decide(map, scope)
  const outcomes = [...new Set(conditionsIn(decided))].flatMap((condition) => [
    { condition, holds: true },
    { condition, holds: false },
  ])
  const chosen = outcomes.length === 0 ? [decided] : outcomes.map((outcome) => choose(decided, outcome))
  return chosen.map((view) => known(view, scope)).filter(isObject)
}

function decide(map: JsonObject, scope: Scope): unknown {
  let decided: unknown = map
  for (const condition of new Set(conditionsIn(map))) {
    const holds = scope.condition(condition)
    if (holds !== UNKNOWN) decided = choose(decided, { condition, holds })
  }
  return decided
}

function conditionsIn(node: unknown): string[] {
  const own = asIf(node)?.[0]
  return [...(own === undefined ? [] : [own]), ...children(node).flatMap(conditionsIn)]
}

function choose(node: unknown, outcome: { condition: string; holds: boolean }): unknown {
  const parts = asIf(node)
  if (parts?.[0] === outcome.condition) return choose(outcome.holds ? parts[1] : parts[2], outcome)
  return mapChildren(node, (child) => choose(child, outcome))
}

function known(node: unknown, scope: Scope): unknown {
  if (isIntrinsic(node)) {
    const value = scope.resolve(node)
    return value === UNKNOWN ? node : value
  }
  return mapChildren(node, (child) => known(child, scope))
}

function children(node: unknown): unknown[] {
  if (Array.isArray(node)) return node
  return isObject(node) ? Object.values(node) : []
}

function mapChildren(node: unknown, change: (child: unknown) => unknown): unknown {
  if (Array.isArray(node)) return node.filter((entry) => !isAbsent(entry)).map(change)
  if (!isObject(node)) return node
  const kept = Object.entries(node).filter(([, value]) => !isNoValue(value))
  return Object.fromEntries(kept.map(([key, value]) => [key, change(value)]))
}

/** Unlike a null, which the checks have to see, this really is nothing. */
function isNoValue(value: unknown): boolean {
  return isObject(value) && isAbsent(value)
}
