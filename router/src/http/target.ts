import { keepingLast } from './keeping-last.ts'

export interface RequestTarget {
  /** As received: not decoded, not normalised. */
  rawPath: string
  /** As received, without the question mark; `''` when there is none. */
  rawQuery: string
  /** Host of an absolute-form target, which wins over the `Host` header (RFC 9112 section 3.2.2). */
  authority: string | undefined
}

/** Reads a request target in origin form or absolute form; undefined if it is neither, or holds what no URI may. */
export function parseTarget(url: string): RequestTarget | undefined {
  // Nearly every target is in origin form.
  const absolute = url.startsWith('/') ? null : /^https?:\/\/([^/?#]+)(.*)$/i.exec(url)
  const rest = absolute?.[2] ?? url
  const target = absolute !== null && !rest.startsWith('/') ? `/${rest}` : rest
  if (!target.startsWith('/') || /[^\x21-\x7e]|#/.test(target)) return undefined
  const mark = target.indexOf('?')
  return {
    rawPath: mark < 0 ? target : target.slice(0, mark),
    rawQuery: mark < 0 ? '' : target.slice(mark + 1),
    authority: absolute?.[1],
  }
}

/** The parameters of a path, in the template's order. */
export type PathParameters = [name: string, value: string][]

/** Percent-decodes path parameters as API Gateway does; undefined if one is not valid UTF-8. */
export function decodeParams(names: string[], values: string[]): PathParameters | undefined {
  try {
    return names.map((name, index) => {
      const value = values[index] ?? ''
      return [name, value.includes('%') ? decodeURIComponent(value) : value]
    })
  } catch {
    return undefined
  }
}

/** A host without its port, brackets of an IPv6 address kept. */
export const hostname = keepingLast((host: string): string => {
  const colon = host.lastIndexOf(':')
  return colon < 0 || !/^\d*$/.test(host.slice(colon + 1)) ? host : host.slice(0, colon)
})

/** A map without prototype, so that a client may name a key `__proto__`. */
export function emptyMap<Value>(): Record<string, Value> {
  return Object.create(null) as Record<string, Value>
}
