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
  const absolute = /^https?:\/\/([^/?#]+)(.*)$/i.exec(url)
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

/** Percent-decodes path parameters as API Gateway does; undefined if one is not valid UTF-8. */
export function decodeParams(names: string[], values: string[]): Record<string, string> | undefined {
  const params = emptyMap<string>()
  for (const [index, name] of names.entries()) {
    const value = values[index] ?? ''
    try {
      params[name] = value.includes('%') ? decodeURIComponent(value) : value
    } catch {
      return undefined
    }
  }
  return params
}

/** A map without prototype, so that a client may name a key `__proto__`. */
export function emptyMap<Value>(): Record<string, Value> {
  return Object.create(null) as Record<string, Value>
}
