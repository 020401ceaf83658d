import { isObject } from '@lpr/contract'

/**
 * JSON with sorted keys, no spaces and raw non-ASCII characters: equal documents have equal bytes.
 * Keys sort by code point, as in every other language; JavaScript's own order differs beyond U+FFFF.
 */
export function canonicalJson(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(canonicalJson).join(',')}]`
  if (!isObject(value)) return JSON.stringify(value ?? null)
  const keys = Object.keys(value).sort(byCodePoint)
  return `{${keys.map((key) => `${JSON.stringify(key)}:${canonicalJson(value[key])}`).join(',')}}`
}

function byCodePoint(a: string, b: string): number {
  return Buffer.compare(Buffer.from(a), Buffer.from(b))
}
