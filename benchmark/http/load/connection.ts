import { connect, type Socket } from 'node:net'
import { type Head, ResponseReader } from './response-reader.ts'

/** Where a request stands. */
export interface Sent {
  /** When it was meant to go out. */
  intendedMs: number
  /** When the subject could have had it: the same, but for what the generator itself was late. */
  sentMs: number
  firstByteMs: number
  head: Head | undefined
}

export interface ConnectionEvents {
  /** The response is whole, and the connection is free again. */
  onAnswer(connection: Connection, sent: Sent): void
  /** The connection broke; `sent` is the request that was under way. */
  onBroken(connection: Connection, sent: Sent | undefined): void
}

const OPENED_AT_ONCE = 128

/** For a client a connection is open before the server has taken it; a load is not to begin with hundreds of those. */
const SETTLING_MS = { atLeast: 100, each: 0.05 }

/** Resolves when the server has had time to take so many new connections. */
export function settled(connections: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, SETTLING_MS.atLeast + connections * SETTLING_MS.each))
}

/** One keep-alive connection, one request at a time. */
export class Connection {
  /** Whom its answers are for; may change between two requests. */
  events: ConnectionEvents
  readonly #socket: Socket
  #current: Sent | undefined

  private constructor(socket: Socket, events: ConnectionEvents) {
    this.#socket = socket
    this.events = events
    const reader = new ResponseReader({
      onHead: (head) => {
        if (this.#current !== undefined) this.#current.head = head
      },
      onFirstByte: () => {
        if (this.#current !== undefined) this.#current.firstByteMs = performance.now()
      },
      onEnd: () => {
        const sent = this.#current
        this.#current = undefined
        if (sent !== undefined) this.events.onAnswer(this, sent)
      },
    })
    socket.on('data', (bytes: Buffer) => reader.push(bytes))
    socket.on('error', () => undefined)
    socket.on('close', () => {
      const sent = this.#current
      this.#current = undefined
      this.events.onBroken(this, sent)
    })
  }

  static open(port: number, events: ConnectionEvents): Promise<Connection> {
    return new Promise((resolve, reject) => {
      const socket = connect({ port, host: '127.0.0.1', noDelay: true })
      socket.once('error', reject)
      socket.once('connect', () => {
        socket.off('error', reject)
        resolve(new Connection(socket, events))
      })
    })
  }

  /** Opens many, so few at a time that no server's queue of new connections overflows. */
  static async openAll(count: number, port: number, events: ConnectionEvents): Promise<Connection[]> {
    const connections: Connection[] = []
    while (connections.length < count) {
      const some = Array.from({ length: Math.min(OPENED_AT_ONCE, count - connections.length) }, () =>
        Connection.open(port, events),
      )
      connections.push(...(await Promise.all(some)))
    }
    return connections
  }

  send(request: Buffer, intendedMs: number, sentMs: number): void {
    this.#current = { intendedMs, sentMs, firstByteMs: 0, head: undefined }
    this.#socket.write(request)
  }
}
