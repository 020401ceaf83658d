import { isObject, type JsonObject } from './json.ts'

/**
 * A copy of a document in which strings that hold a number or boolean have become one, wherever the schema wants one.
 *
 * CloudFormation turns every scalar of a custom resource's properties into a string, so `"5"` must do where 5 does.
 * A null where a number is optional counts as absent. Anything else is copied as it is: the validator judges it.
 */
export function coerce(document: unknown, schema: JsonObject): unknown {
  return copy(document, schema, schema)
}

function copy(value: unknown, node: JsonObject, root: JsonObject): unknown {
  const schema = resolve(node, root)
  if (Array.isArray(value)) return value.map((entry) => copy(entry, asObject(schema.items), root))
  if (isObject(value)) return copyObject(value, schema, root)
  return scalar(value, schema.type)
}

function copyObject(value: JsonObject, schema: JsonObject, root: JsonObject): JsonObject {
  const properties = asObject(schema.properties)
  const required = Array.isArray(schema.required) ? schema.required : []
  const result: JsonObject = {}
  for (const [key, entry] of Object.entries(value)) {
    const child = resolve(
      asObject(Object.hasOwn(properties, key) ? properties[key] : schema.additionalProperties),
      root,
    )
    if (entry === null && isNumeric(child.type) && !required.includes(key)) continue
    define(result, key, copy(entry, child, root))
  }
  return result
}

/** Plain assignment would lose a key named `__proto__`, and with it the error that it deserves. */
function define(target: JsonObject, key: string, value: unknown): void {
  Object.defineProperty(target, key, { value, writable: true, enumerable: true, configurable: true })
}

function scalar(value: unknown, type: unknown): unknown {
  if (typeof value !== 'string') return value
  const text = value.trim()
  if (type === 'integer') return /^\+?\d+$/.test(text) ? Number(text) : value
  if (type === 'number') return text !== '' && Number.isFinite(Number(text)) ? Number(text) : value
  if (type === 'boolean') return text === 'true' ? true : text === 'false' ? false : value
  return value
}

function isNumeric(type: unknown): boolean {
  return type === 'integer' || type === 'number'
}

/** Follows a local reference such as `#/$defs/Spec`. */
function resolve(node: JsonObject, root: JsonObject): JsonObject {
  if (typeof node.$ref !== 'string') return node
  let target: unknown = root
  for (const part of node.$ref.split('/').slice(1)) target = asObject(target)[part]
  return asObject(target)
}

function asObject(value: unknown): JsonObject {
  return isObject(value) ? value : {}
}
