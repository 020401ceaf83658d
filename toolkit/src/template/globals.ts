import { isIntrinsic, isObject, type JsonObject, objectOrEmpty } from '../json.ts'

/**
 * Properties of a function with `Globals.Function` merged in as SAM merges them: objects member by member, lists
 * joined with the global entries first, anything else (intrinsics too) replaced by the function's own value.
 * https://docs.aws.amazon.com/serverless-application-model/latest/developerguide/sam-specification-template-anatomy-globals.html
 */
export function withGlobals(properties: JsonObject, globals: unknown): JsonObject {
  return mergeObjects(objectOrEmpty(globals), properties)
}

function mergeObjects(globals: JsonObject, own: JsonObject): JsonObject {
  const result: JsonObject = { ...globals }
  for (const [key, value] of Object.entries(own)) {
    result[key] = key in globals ? merge(globals[key], value) : value
  }
  return result
}

function merge(global: unknown, own: unknown): unknown {
  if (isIntrinsic(global) || isIntrinsic(own)) return own
  if (isObject(global) && isObject(own)) return mergeObjects(global, own)
  if (Array.isArray(global) && Array.isArray(own)) return [...global, ...own]
  return own
}
