import { wellFormed } from './text.ts'
import type { ResponseHead } from './wire.ts'

/** The header part of a head. `multiValueHeaders` and `cookies` are absent when there is nothing to say. */
export type HeaderFields = Omit<ResponseHead, 'statusCode'>

interface Entry {
  name: string
  values: string[]
}

/**
 * Reads the header maps and cookies of a returned object. Names that differ only by case are one name, where both
 * maps have it `multiValueHeaders` wins as in API Gateway, and `set-cookie` moves to `cookies`. Throws what a value's
 * own `toString` throws.
 */
export function readHeaders(value: Record<string, unknown>): HeaderFields {
  const entries = entriesOf(value.headers)
  for (const [key, entry] of entriesOf(value.multiValueHeaders)) entries.set(key, entry)
  const cookies = [...readCookies(value.cookies), ...(entries.get('set-cookie')?.values ?? [])]
  entries.delete('set-cookie')
  const fields = toMaps(entries)
  if (cookies.length > 0) fields.cookies = cookies
  return fields
}

function entriesOf(map: unknown): Map<string, Entry> {
  const entries = new Map<string, Entry>()
  if (map === undefined || map === null) return entries
  if (typeof map !== 'object' || Array.isArray(map))
    throw new TypeError('headers: expected an object of values')
  for (const name of Object.keys(map)) {
    const values = texts((map as Record<string, unknown>)[name])
    const key = name.toLowerCase()
    const same = entries.get(key)
    if (same) same.values.push(...values)
    else if (values.length > 0) entries.set(key, { name: wellFormed(name), values })
  }
  return entries
}

/** A router that knows no `multiValueHeaders` still gets every value, joined as HTTP allows for lists. */
function toMaps(entries: Map<string, Entry>): HeaderFields {
  const headers: Record<string, string> = {}
  const several: [string, string[]][] = []
  for (const { name, values } of entries.values()) {
    headers[name] = values.length === 1 ? String(values[0]) : values.join(', ')
    if (values.length > 1) several.push([name, values])
  }
  return several.length === 0 ? { headers } : { headers, multiValueHeaders: Object.fromEntries(several) }
}

function readCookies(value: unknown): string[] {
  return texts(value)
    .map((cookie) => cookie.trim())
    .filter((cookie) => cookie !== '')
}

function texts(value: unknown): string[] {
  if (typeof value === 'string') return [wellFormed(value)]
  const values: unknown[] = Array.isArray(value) ? value : [value]
  return values.filter((one) => one !== undefined && one !== null).map((one) => wellFormed(String(one)))
}
