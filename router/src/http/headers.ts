/** Request headers by lower-case name, every value kept, in order of arrival. */
export type HeaderValues = Map<string, string[]>

/** Headers of one connection (RFC 9110 section 7.6.1), which never reach the function. */
const HOP_BY_HOP = [
  'connection',
  'keep-alive',
  'proxy-authenticate',
  'proxy-authorization',
  'proxy-connection',
  'te',
  'trailer',
  'transfer-encoding',
  'upgrade',
]

/** Groups Node's flat list of names and values. Values are latin1 text, one character a byte. */
export function collectHeaders(rawHeaders: string[]): HeaderValues {
  const headers: HeaderValues = new Map()
  for (let index = 0; index < rawHeaders.length; index += 2) {
    const name = lowerCaseAt(index, rawHeaders[index] ?? '')
    const value = rawHeaders[index + 1] ?? ''
    const values = headers.get(name)
    if (values === undefined) headers.set(name, [value])
    else values.push(value)
  }
  return headers
}

/** Names of the request before, by their place: as they came, and in lower case. */
const lastNames: { raw: string; name: string }[] = []
/** Clients that make up names are not to fill the memory. */
const LAST = { places: 100, length: 64 }

/**
 * Most requests have the names of the one before, in the same order. A string that was used before is not only made already:
 * V8 knows its hash, with which it is looked up several times.
 */
function lowerCaseAt(place: number, raw: string): string {
  const last = lastNames[place]
  if (last?.raw === raw) return last.name
  const name = raw.toLowerCase()
  if (place < LAST.places && raw.length <= LAST.length) lastNames[place] = { raw, name }
  return name
}

/** Decides which headers are forwarded; wins in this order: hop-by-hop, deny, allow. */
export class HeaderPolicy {
  readonly #allow: Set<string>
  readonly #deny: Set<string>

  constructor(forward: { Allow: string[]; Deny: string[] }) {
    this.#allow = new Set(forward.Allow.map(normalise))
    this.#deny = new Set([...HOP_BY_HOP, ...forward.Deny.map(normalise)])
  }

  /** Takes out the headers that do not reach the function. */
  apply(headers: HeaderValues): void {
    const dropped = headers
      .get('connection')
      ?.flatMap((value) => value.split(','))
      .map(normalise)
    for (const name of headers.keys()) {
      const allowed = this.#allow.size === 0 || this.#allow.has(name)
      if (!allowed || this.#deny.has(name) || dropped?.includes(name)) headers.delete(name)
    }
  }
}

/** The cookies of a request, one `name=value` each; a client may split them over several headers. */
export function splitCookies(headers: HeaderValues): string[] {
  const values = headers.get('cookie')
  if (values === undefined) return []
  return values
    .flatMap((value) => value.split(';').map((part) => part.trim()))
    .filter((cookie) => cookie !== '')
}

function normalise(name: string): string {
  return name.trim().toLowerCase()
}
