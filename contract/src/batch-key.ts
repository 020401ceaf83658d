/** What a batch key is made of. Header names are lower-case; the others keep their case. */
export type KeyDimension =
  | { kind: 'header' | 'query' | 'path' | 'cookie'; name: string }
  | { kind: 'sourceIp'; name: '' }

/** Always part of the batch key, so naming them changes nothing. */
const IMPLIED = new Set(['method', 'route', 'lambda', 'target_lambda', 'target-lambda'])
const HEADER_NAME = /^[!#$%&'*+\-.^_`|~0-9A-Za-z]+$/

/** Reads one entry of `key`: a dimension, `implied` when it is one anyway, or the reason why it is not good. */
export function parseKeyDimension(text: string): KeyDimension | 'implied' | { error: string } {
  const entry = text.trim()
  if (IMPLIED.has(entry.toLowerCase())) return 'implied'
  if (entry.toLowerCase() === 'sourceip') return { kind: 'sourceIp', name: '' }
  const [kind = '', ...rest] = entry.split(':')
  const name = rest.join(':').trim()
  switch (kind.trim().toLowerCase()) {
    case 'header':
      return isHeaderName(name)
        ? { kind: 'header', name: name.toLowerCase() }
        : { error: 'header name is not valid' }
    case 'query':
    case 'path':
    case 'cookie':
      return name === '' ? { error: 'name is missing' } : { kind: kind.trim().toLowerCase() as 'query', name }
    default:
      return { error: 'must be header:<name>, query:<name>, path:<param>, cookie:<name> or sourceIp' }
  }
}

/** Whether a name is a token as RFC 9110 section 5.6.2 defines it. */
export function isHeaderName(name: string): boolean {
  return HEADER_NAME.test(name)
}
