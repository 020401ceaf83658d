import { emptyMap } from '../target.ts'

/** Query parameters as an HTML form decodes them (`+` is a space), every value kept, in order. */
export function parseQuery(rawQuery: string): Map<string, string[]> {
  const values = new Map<string, string[]>()
  if (rawQuery === '') return values
  for (const [name, value] of new URLSearchParams(rawQuery)) {
    const known = values.get(name)
    if (known === undefined) values.set(name, [value])
    else known.push(value)
  }
  return values
}

/** The last value of each name. */
export function lastValues(values: Map<string, string[]>): Record<string, string> {
  const map = emptyMap<string>()
  for (const [name, list] of values) map[name] = list.at(-1) ?? ''
  return map
}

/** All values of each name. */
export function allValues(values: Map<string, string[]>): Record<string, string[]> {
  const map = emptyMap<string[]>()
  for (const [name, list] of values) map[name] = list
  return map
}
