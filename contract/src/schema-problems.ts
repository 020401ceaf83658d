import schema from './generated/manifest-schema.js'
import validateSchema, { type SchemaError } from './generated/manifest-validator.js'
import { isObject, type JsonObject } from './json.ts'
import { show, unknownKey } from './problems.ts'
import type { Located } from './validate.ts'

/** Runs the compiled schema on a document, fills defaults into it, and words what it finds. */
export function schemaProblems(document: unknown): Located[] {
  if (validateSchema(document)) return []
  return (validateSchema.errors ?? []).map((error) => locate(error, document))
}

function locate(error: SchemaError, document: unknown): Located {
  const segments = error.instancePath.split('/').slice(1).map(unescapePointer)
  const { params } = error
  if (error.keyword === 'required') {
    return { segments: [...segments, String(params.missingProperty)], message: 'is required but missing' }
  }
  if (error.keyword === 'additionalProperties') {
    const name = String(params.additionalProperty)
    return { segments: [...segments, name], message: unknownKey(name, knownKeys(segments)) }
  }
  const got = `, got ${show(valueAt(document, segments))}`
  return { segments, message: `${expectation(error)}${got}` }
}

function expectation({ keyword, params, message }: SchemaError): string {
  switch (keyword) {
    case 'type':
      return `must be ${article(String(params.type))}`
    case 'enum':
      return `must be one of ${(params.allowedValues as unknown[]).map(show).join(', ')}`
    case 'minimum':
    case 'maximum':
    case 'exclusiveMinimum':
      return `must be ${params.comparison} ${params.limit}`
    default:
      return message ?? 'is not valid'
  }
}

function article(type: string): string {
  if (type === 'object') return 'a map'
  if (type === 'array') return 'a list'
  return type === 'integer' ? 'an integer' : `a ${type}`
}

/** Names of the keys that the schema knows at a place in the document. */
function knownKeys(segments: string[]): string[] {
  let node: JsonObject = schema
  for (const segment of segments) node = child(node, segment)
  return Object.keys(object(node.properties))
}

function child(node: JsonObject, segment: string): JsonObject {
  const properties = object(node.properties)
  const next = Object.hasOwn(properties, segment)
    ? properties[segment]
    : (node.additionalProperties ?? node.items)
  const target = object(next)
  if (typeof target.$ref !== 'string') return target
  return object(object(schema.$defs)[target.$ref.split('/').at(-1) ?? ''])
}

function valueAt(document: unknown, segments: string[]): unknown {
  let node = document
  for (const segment of segments) node = (node as JsonObject | undefined)?.[segment]
  return node
}

function object(value: unknown): JsonObject {
  return isObject(value) ? value : {}
}

/** RFC 6901 section 4. */
function unescapePointer(segment: string): string {
  return segment.replaceAll('~1', '/').replaceAll('~0', '~')
}
