import { connect, type Socket } from 'node:net'
import { type BodyReader, bodyReader } from './http-body.ts'

export interface RequestParts {
  method?: string
  /** Request target, sent as it is. */
  path: string
  headers?: [name: string, value: string][] | Record<string, string>
  body?: string | Buffer
}

/** What came of a request. Everything but `response` has what had arrived by then. */
export interface Outcome {
  /** `reset`: the connection was reset. `closed`: it was closed in order, but before the response was whole. */
  kind: 'response' | 'reset' | 'closed'
  /** Undefined when no head came. */
  status: number | undefined
  headers: Map<string, string[]>
  body: Buffer
}

interface Waiting {
  headOnly: boolean
  onHead(): void
  resolve(outcome: Outcome): void
}

interface Head {
  status: number
  headers: Map<string, string[]>
  /** Bytes of the head. */
  length: number
}

/**
 * One HTTP/1.1 connection, a request at a time, read byte by byte, so that a test sees what a client library hides:
 * resets, truncation, interim responses and bytes that belong to no response.
 */
export class HttpConnection {
  readonly socket: Socket
  /** Resolves when the socket is gone. */
  readonly closed: Promise<void>
  #received: Buffer = Buffer.alloc(0)
  #waiting: Waiting | undefined
  #response: { head: Head; body: BodyReader } | undefined
  #gone: 'reset' | 'closed' | undefined

  private constructor(socket: Socket) {
    this.socket = socket
    socket.setNoDelay(true)
    socket.on('data', (bytes) => {
      this.#received = this.#received.length === 0 ? bytes : Buffer.concat([this.#received, bytes])
      this.#read()
    })
    socket.on('error', () => this.#over('reset'))
    socket.on('end', () => this.#tellEndFromReset())
    this.closed = new Promise((resolve) => {
      socket.on('close', () => {
        this.#over('closed')
        resolve()
      })
    })
  }

  static open(port: number, host = '127.0.0.1'): Promise<HttpConnection> {
    return new Promise((resolve, reject) => {
      const socket = connect({ port, host, noDelay: true, allowHalfOpen: true })
      socket.once('error', reject)
      socket.once('connect', () => {
        socket.off('error', reject)
        resolve(new HttpConnection(socket))
      })
    })
  }

  /** Whether another request can be sent. */
  get usable(): boolean {
    return this.#gone === undefined && this.socket.writable
  }

  /** Bytes that came after the last response, or before any request. */
  get surplus(): Buffer {
    return this.#received
  }

  /** Sends a request; resolves with its one outcome and never rejects. */
  request(parts: RequestParts): Promise<Outcome> {
    return this.start(parts).outcome
  }

  /** Like `request`, with a promise of the response's head (or of the connection's end) besides. */
  start({ method = 'GET', path, headers = {}, body }: RequestParts): {
    head: Promise<void>
    outcome: Promise<Outcome>
  } {
    if (this.#waiting !== undefined) throw new Error('one request at a time')
    const fields = Array.isArray(headers) ? headers : Object.entries(headers)
    const text = [
      `${method} ${path} HTTP/1.1`,
      'host: test',
      ...fields.map(([name, value]) => `${name}: ${value}`),
    ]
    if (body !== undefined) text.push(`content-length: ${Buffer.byteLength(body)}`)
    let onHead = (): void => undefined
    const head = new Promise<void>((resolve) => {
      onHead = resolve
    })
    const outcome = new Promise<Outcome>((resolve) => {
      this.#waiting = { headOnly: method === 'HEAD', onHead, resolve }
    })
    this.socket.write(`${text.join('\r\n')}\r\n\r\n`, 'latin1')
    if (body !== undefined) this.socket.write(body)
    if (this.#gone !== undefined) this.#over(this.#gone)
    return { head, outcome }
  }

  /** What of the response under way has arrived. */
  get partial(): Outcome {
    return this.#outcome('closed')
  }

  /** Stops taking bytes: a slow reader. */
  pause(): void {
    this.socket.pause()
  }

  resume(): void {
    this.socket.resume()
  }

  /** Goes away as a client does whose process died. */
  reset(): void {
    this.socket.resetAndDestroy()
  }

  close(): void {
    this.socket.destroy()
  }

  #read(): void {
    this.#readHead()
    const [waiting, response] = [this.#waiting, this.#response]
    if (waiting === undefined || response === undefined) return
    waiting.onHead()
    this.#received = response.body.take(this.#received)
    if (response.body.done) this.#settle('response')
  }

  /** Interim responses (RFC 9110 section 15.2) are no answers. */
  #readHead(): void {
    while (this.#response === undefined && this.#waiting !== undefined) {
      const head = parseHead(this.#received)
      if (head === undefined) return
      this.#received = this.#received.subarray(head.length)
      if (head.status < 200) continue
      this.#response = { head, body: bodyReader(head.status, head.headers, this.#waiting.headOnly) }
    }
  }

  /**
   * The event loop of Node 20 reports a reset that follows data as an orderly end. Only a write tells: to a reset
   * connection it fails at once, to one that was closed in order it does not.
   */
  #tellEndFromReset(): void {
    this.socket.write('\r\n', (error) => {
      this.#over(error ? 'reset' : 'closed')
      this.socket.destroy()
    })
  }

  #over(kind: 'reset' | 'closed'): void {
    this.#gone ??= kind
    if (this.#waiting !== undefined) this.#settle(this.#gone)
  }

  #outcome(kind: Outcome['kind']): Outcome {
    const response = this.#response
    return {
      kind,
      status: response?.head.status,
      headers: response?.head.headers ?? new Map(),
      body: response?.body.bytes ?? Buffer.alloc(0),
    }
  }

  #settle(kind: Outcome['kind']): void {
    const waiting = this.#waiting
    const outcome = this.#outcome(kind)
    this.#waiting = undefined
    this.#response = undefined
    waiting?.onHead()
    waiting?.resolve(outcome)
  }
}

function parseHead(bytes: Buffer): Head | undefined {
  const end = bytes.indexOf('\r\n\r\n')
  if (end < 0) return undefined
  const [statusLine = '', ...fields] = bytes.toString('latin1', 0, end).split('\r\n')
  const status = /^HTTP\/1\.1 (\d{3}) /.exec(statusLine)?.[1]
  if (status === undefined) throw new Error(`not a status line: ${JSON.stringify(statusLine.slice(0, 100))}`)
  const headers = new Map<string, string[]>()
  for (const field of fields) {
    const colon = field.indexOf(':')
    const name = field.slice(0, colon).toLowerCase()
    headers.set(name, [...(headers.get(name) ?? []), field.slice(colon + 1).trim()])
  }
  return { status: Number(status), headers, length: end + 4 }
}
