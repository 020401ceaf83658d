import { isObject } from '@lpr/contract'

export { isIntrinsic, isObject } from '@lpr/contract'

/** A JSON object whose members are not known yet. */
export type JsonObject = Record<string, unknown>

/** The value itself if it is an object, else an empty object. */
export function objectOrEmpty(value: unknown): JsonObject {
  return isObject(value) ? value : {}
}

/** The entries of an object; none for any other value. */
export function entriesOf(value: unknown): [string, unknown][] {
  return Object.entries(objectOrEmpty(value))
}
