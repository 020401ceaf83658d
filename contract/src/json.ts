export type JsonObject = Record<string, unknown>

export function isObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

/** Whether a value is a CloudFormation intrinsic: an object of the one key `Ref`, `Condition` or `Fn::...`. */
export function isIntrinsic(value: unknown): boolean {
  if (!isObject(value)) return false
  const keys = Object.keys(value)
  const [key] = keys
  return (
    keys.length === 1 && key !== undefined && (key === 'Ref' || key === 'Condition' || key.startsWith('Fn::'))
  )
}
