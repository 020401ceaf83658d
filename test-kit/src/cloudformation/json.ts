import { isObject } from '@lpr/contract'

/** Any map of a template. */
export type JsonObject = Record<string, unknown>

export function objectOrEmpty(value: unknown): JsonObject {
  return isObject(value) ? value : {}
}
