import { fieldsOf, quoted } from './json.ts'

/** By name, the last value, and its field once it has come twice. */
const lastOfName = new Map<string, { value: string; field: string | undefined }>()
/** Clients that make up names, or send long values, are not to fill the memory. */
const LIMIT = { names: 200, length: 256 }

/**
 * `"name":"value"` for a header whose name needs no escape. Most headers say what they said in the request before, so that
 * their field need not be made again.
 */
export function headerField(name: string, value: string): string {
  const last = lastOfName.get(name)
  if (last?.value === value) {
    last.field ??= fieldsOf({ [name]: value })
    return last.field
  }
  if (last !== undefined) {
    last.value = value.length <= LIMIT.length ? value : ''
    last.field = undefined
  } else if (lastOfName.size < LIMIT.names) lastOfName.set(name, { value, field: undefined })
  return `"${name}":${quoted(value)}`
}
