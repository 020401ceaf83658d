/** A JSON object whose members are not known yet. */
export type JsonObject = Record<string, unknown>

/** True for an object that is neither null nor an array. */
export function isObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

/** The value itself if it is an object, else an empty object. */
export function objectOrEmpty(value: unknown): JsonObject {
  return isObject(value) ? value : {}
}

/** True for `{Ref: ...}`, `{Condition: ...}` and `{'Fn::...': ...}`: an object with that one member only. */
export function isIntrinsic(value: unknown): value is JsonObject {
  if (!isObject(value)) return false
  const [name, ...others] = Object.keys(value)
  if (name === undefined || others.length > 0) return false
  return name === 'Ref' || name.startsWith('Fn::')
}
