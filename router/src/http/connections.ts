import type { Server, ServerResponse } from 'node:http'
import type { Socket } from 'node:net'

/** A request that was read from a connection, until its response is over. */
export interface InLine {
  readonly socket: Socket
  readonly response: ServerResponse
}

/**
 * The open connections of a server, each with the line of its responses that are not over. A client may send requests
 * before it has the answers to earlier ones (RFC 9112 section 9.3.2); they are served at the same time and answered in
 * order, and what happens to the connection concerns them all.
 */
export class Connections<Exchange extends InLine> {
  readonly #lines = new Map<Socket, Set<Exchange>>()
  readonly #whenIdle = new Map<Socket, () => void>()
  #closing = false

  /** Follows the connections of a server. */
  follow(server: Server): void {
    server.on('connection', (socket) => {
      this.#lines.set(socket, new Set())
      socket.once('close', () => this.#lost(socket))
    })
    // `close()` calls this method, on the server it is called on. Node's own would cost answers and time: a response that
    // is ended but not sent counts as idle and is cut; a connection that has sent nothing counts as busy; and one that
    // becomes idle after the call is kept for its whole keep-alive time.
    server.closeIdleConnections = () => {
      this.#closing = true
      for (const [socket, line] of this.#lines) if (line.size === 0) socket.destroySoon()
    }
  }

  /** To be called in the order of the requests. */
  join(exchange: Exchange): void {
    const { socket, response } = exchange
    const line = this.#lines.get(socket)
    line?.add(exchange)
    response.once('close', () => {
      line?.delete(exchange)
      if (line?.size === 0) this.#idle(socket)
    })
  }

  /** Whose turn it is on a connection. */
  first(socket: Socket): Exchange | undefined {
    return this.#lines.get(socket)?.values().next().value
  }

  /** Whose request came last on a connection. */
  last(socket: Socket): Exchange | undefined {
    let last: Exchange | undefined
    for (const exchange of this.#lines.get(socket) ?? []) last = exchange
    return last
  }

  /** Calls back when every response of the connection is over, at once if there is none; never if it is lost before. */
  whenIdle(socket: Socket, callback: () => void): void {
    if (this.first(socket) === undefined) callback()
    else this.#whenIdle.set(socket, callback)
  }

  #idle(socket: Socket): void {
    const callback = this.#whenIdle.get(socket)
    this.#whenIdle.delete(socket)
    if (callback !== undefined) callback()
    else if (this.#closing) socket.destroySoon()
  }

  /** Node tells the response whose turn it is. Those behind it would never know, and hold their places for ever. */
  #lost(socket: Socket): void {
    const line = this.#lines.get(socket) ?? []
    this.#lines.delete(socket)
    this.#whenIdle.delete(socket)
    for (const { response } of [...line]) {
      if (response.socket === null && !response.writableFinished) response.destroy().emit('close')
    }
  }
}
