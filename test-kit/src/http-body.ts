const CRLF = Buffer.from('\r\n')

/** Takes a response body from a connection's bytes, as they come (RFC 9112 section 6.3). */
export interface BodyReader {
  /** Whether the body is complete. */
  readonly done: boolean
  /** What has come of it. */
  readonly bytes: Buffer
  /** Takes what belongs to the body; gives back the rest, to be offered again with what comes next. */
  take(bytes: Buffer): Buffer
}

export function bodyReader(status: number, headers: Map<string, string[]>, headOnly: boolean): BodyReader {
  if (headOnly || status === 204 || status === 304) return new SizedBody(0)
  if (headers.has('transfer-encoding')) return new ChunkedBody()
  return new SizedBody(Number(headers.get('content-length')?.[0] ?? Number.POSITIVE_INFINITY))
}

class SizedBody implements BodyReader {
  #missing: number
  readonly #parts: Buffer[] = []

  constructor(length: number) {
    this.#missing = length
  }

  get done(): boolean {
    return this.#missing === 0
  }

  get bytes(): Buffer {
    return Buffer.concat(this.#parts)
  }

  take(bytes: Buffer): Buffer {
    const part = bytes.subarray(0, this.#missing)
    if (part.length > 0) this.#parts.push(part)
    this.#missing -= part.length
    return bytes.subarray(part.length)
  }
}

class ChunkedBody implements BodyReader {
  done = false
  readonly #parts: Buffer[] = []
  #chunk: SizedBody | undefined
  #last = false

  get bytes(): Buffer {
    return Buffer.concat([...this.#parts, ...(this.#chunk === undefined ? [] : [this.#chunk.bytes])])
  }

  take(bytes: Buffer): Buffer {
    let rest = bytes
    while (!this.done) {
      const before = rest
      rest = this.#chunk === undefined ? this.#size(rest) : this.#data(rest, this.#chunk)
      if (rest.length === before.length) break
    }
    return rest
  }

  #size(bytes: Buffer): Buffer {
    const end = bytes.indexOf(CRLF)
    if (end < 0) return bytes
    const size = Number.parseInt(bytes.toString('latin1', 0, end), 16)
    this.#last = size === 0
    this.#chunk = new SizedBody(size)
    return bytes.subarray(end + CRLF.length)
  }

  #data(bytes: Buffer, chunk: SizedBody): Buffer {
    const rest = chunk.take(bytes)
    if (!chunk.done || rest.length < CRLF.length) return rest
    this.#parts.push(chunk.bytes)
    this.#chunk = undefined
    this.done = this.#last
    return rest.subarray(CRLF.length)
  }
}
