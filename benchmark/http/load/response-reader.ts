const HEAD_END = Buffer.from('\r\n\r\n')
const CRLF = Buffer.from('\r\n')

/** What the load generator wants to know of a response's head. */
export interface Head {
  status: number
  /** Value of a header in lower case, as sent. */
  header(name: string): string | undefined
}

/** Told of one response after the other, as their bytes come. */
export interface ResponseEvents {
  onHead(head: Head): void
  /** The first byte of the body; not called for an empty one. */
  onFirstByte(): void
  onEnd(): void
}

/**
 * Reads the responses of one connection and keeps nothing of their bodies. It knows what a benchmark meets, lengths and
 * chunks, and nothing else: a whole HTTP client would cost more CPU than the server under test.
 */
export class ResponseReader {
  readonly #events: ResponseEvents
  #held: Buffer | undefined
  #state: 'head' | 'sized' | 'chunk-size' | 'chunk-data' | 'trailer' = 'head'
  #missing = 0
  #bodyBegun = false

  constructor(events: ResponseEvents) {
    this.#events = events
  }

  push(bytes: Buffer): void {
    let rest: Buffer | undefined = this.#held === undefined ? bytes : Buffer.concat([this.#held, bytes])
    this.#held = undefined
    while (rest !== undefined && rest.length > 0) {
      const next: Buffer | undefined = this.#step(rest)
      if (next === undefined) this.#held = rest
      rest = next
    }
  }

  /** Takes one part from the front; undefined when more bytes have to come first. */
  #step(bytes: Buffer): Buffer | undefined {
    if (this.#state === 'head') return this.#head(bytes)
    if (this.#state === 'chunk-size') return this.#chunkSize(bytes)
    if (this.#state === 'trailer') return this.#trailer(bytes)
    return this.#data(bytes)
  }

  #head(bytes: Buffer): Buffer | undefined {
    const end = bytes.indexOf(HEAD_END)
    if (end < 0) return undefined
    const head = parseHead(bytes.toString('latin1', 0, end))
    const rest = bytes.subarray(end + HEAD_END.length)
    if (head.status < 200) return rest
    this.#bodyBegun = false
    this.#events.onHead(head)
    if (head.header('transfer-encoding') !== undefined) {
      this.#state = 'chunk-size'
      return rest
    }
    this.#missing = Number(head.header('content-length') ?? 0)
    this.#state = 'sized'
    if (this.#missing === 0) this.#end()
    return rest
  }

  #data(bytes: Buffer): Buffer {
    if (!this.#bodyBegun && this.#missing > 0) {
      this.#bodyBegun = true
      this.#events.onFirstByte()
    }
    const taken = Math.min(bytes.length, this.#missing)
    this.#missing -= taken
    if (this.#missing === 0) {
      if (this.#state === 'sized') this.#end()
      else this.#state = 'chunk-size'
    }
    return bytes.subarray(taken)
  }

  #chunkSize(bytes: Buffer): Buffer | undefined {
    const end = bytes.indexOf(CRLF)
    if (end < 0) return undefined
    const size = Number.parseInt(bytes.toString('latin1', 0, end), 16)
    this.#missing = size + CRLF.length
    this.#state = size === 0 ? 'trailer' : 'chunk-data'
    return bytes.subarray(end + CRLF.length)
  }

  #trailer(bytes: Buffer): Buffer | undefined {
    if (bytes.length < CRLF.length) return undefined
    this.#end()
    return bytes.subarray(CRLF.length)
  }

  #end(): void {
    this.#state = 'head'
    this.#events.onEnd()
  }
}

/** Compiled once a name: this runs for every response. */
const patterns = new Map<string, RegExp>()

function patternOf(name: string): RegExp {
  const known = patterns.get(name)
  if (known !== undefined) return known
  const pattern = new RegExp(`\\r\\n${name}: *([^\\r]*)`, 'i')
  patterns.set(name, pattern)
  return pattern
}

function parseHead(text: string): Head {
  return { status: Number(text.slice(9, 12)), header: (name) => patternOf(name).exec(text)?.[1] }
}
