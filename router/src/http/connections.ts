import type { Server, ServerResponse } from 'node:http'
import type { Socket } from 'node:net'
import { Roster } from '../roster.ts'

/** A request that was read from a connection, until its response is over. */
export interface InLine<Self> {
  readonly socket: Socket
  readonly response: ServerResponse
  /** Whose request came next on the connection. The line's own note; undefined while not in one. */
  behind: Self | undefined
}

/** The responses of one connection that are not over, in the order of their requests. */
interface Line<Exchange> {
  readonly socket: Socket
  first: Exchange | undefined
  last: Exchange | undefined
  whenIdle: (() => void) | undefined
  place: number
}

/** Where a socket has its line. Connections come and go, so a map would be what a `Roster` is there to avoid. */
const LINE = Symbol('line')

/**
 * The open connections of a server, each with the line of its responses that are not over. A client may send requests
 * before it has the answers to earlier ones (RFC 9112 section 9.3.2); they are served at the same time and answered in
 * order, and what happens to the connection concerns them all.
 */
export class Connections<Exchange extends InLine<Exchange>> {
  readonly #lines = new Roster<Line<Exchange>>()
  #closing = false

  /** Follows the connections of a server. */
  follow(server: Server): void {
    server.on('connection', (socket) => {
      const line: Line<Exchange> = {
        socket,
        first: undefined,
        last: undefined,
        whenIdle: undefined,
        place: -1,
      }
      this.#lines.add(line)
      Object.assign(socket, { [LINE]: line })
      socket.once('close', () => this.#lost(line))
    })
    // `close()` calls this method, on the server it is called on. Node's own would cost answers and time: a response that
    // is ended but not sent counts as idle and is cut; a connection that has sent nothing counts as busy; and one that
    // becomes idle after the call is kept for its whole keep-alive time.
    server.closeIdleConnections = () => {
      this.#closing = true
      for (const { socket, first } of this.#lines) if (first === undefined) socket.destroySoon()
    }
  }

  /** To be called in the order of the requests. */
  join(exchange: Exchange): void {
    const line = this.#lineOf(exchange.socket)
    if (line === undefined) return
    if (line.last === undefined) line.first = exchange
    else line.last.behind = exchange
    line.last = exchange
  }

  /** To be called when the response of one that has joined is over. */
  leave(exchange: Exchange): void {
    const line = this.#lineOf(exchange.socket)
    if (line === undefined || !remove(line, exchange)) return
    if (line.first === undefined) this.#idle(line)
  }

  /** Whose turn it is on a connection. */
  first(socket: Socket): Exchange | undefined {
    return this.#lineOf(socket)?.first
  }

  /** Whose request came last on a connection. */
  last(socket: Socket): Exchange | undefined {
    return this.#lineOf(socket)?.last
  }

  /** Calls back when every response of the connection is over, at once if there is none; never if it is lost before. */
  whenIdle(socket: Socket, callback: () => void): void {
    const line = this.#lineOf(socket)
    if (line?.first === undefined) callback()
    else line.whenIdle = callback
  }

  #lineOf(socket: Socket): Line<Exchange> | undefined {
    return (socket as { [LINE]?: Line<Exchange> })[LINE]
  }

  #idle(line: Line<Exchange>): void {
    const callback = line.whenIdle
    line.whenIdle = undefined
    if (callback !== undefined) callback()
    else if (this.#closing) line.socket.destroySoon()
  }

  /** Node tells the response whose turn it is. Those behind it would never know, and hold their places for ever. */
  #lost(line: Line<Exchange>): void {
    this.#lines.delete(line)
    Object.assign(line.socket, { [LINE]: undefined })
    line.whenIdle = undefined
    let exchange = line.first
    while (exchange !== undefined) {
      const { response, behind } = exchange
      if (response.socket === null && !response.writableFinished) response.destroy().emit('close')
      exchange = behind
    }
  }
}

/** Whether it was in the line. It is nearly always the first. */
function remove<Exchange extends InLine<Exchange>>(line: Line<Exchange>, exchange: Exchange): boolean {
  let before: Exchange | undefined
  let at = line.first
  while (at !== undefined && at !== exchange) {
    before = at
    at = at.behind
  }
  if (at === undefined) return false
  if (before === undefined) line.first = at.behind
  else before.behind = at.behind
  if (line.last === at) line.last = before
  at.behind = undefined
  return true
}
