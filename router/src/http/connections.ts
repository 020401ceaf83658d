import type { IncomingMessage, Server, ServerResponse } from 'node:http'
import type { Socket } from 'node:net'

/**
 * Makes `server.close()` end every connection as soon as it is idle, and not before. Node's own judgement would cost
 * answers and time: a response that is ended but not sent counts as idle and is cut; a connection that has sent nothing
 * counts as busy; and one that becomes idle after the call is kept for its whole keep-alive time.
 */
export function closeWhenIdle(server: Server): void {
  /** Open connections with the number of their responses that are not over. */
  const underWay = new Map<Socket, number>()
  let closing = false
  const closeIfIdle = (socket: Socket): void => {
    if (underWay.get(socket) === 0) socket.destroySoon()
  }
  const onRequest = ({ socket }: IncomingMessage, response: ServerResponse): void => {
    underWay.set(socket, (underWay.get(socket) ?? 0) + 1)
    response.once('close', () => {
      const others = (underWay.get(socket) ?? 1) - 1
      if (!socket.destroyed) underWay.set(socket, others)
      if (closing) closeIfIdle(socket)
    })
  }
  server.on('connection', (socket) => {
    underWay.set(socket, 0)
    socket.once('close', () => underWay.delete(socket))
  })
  server.prependListener('request', onRequest).prependListener('checkContinue', onRequest)
  // `close()` calls this method, on the server it is called on.
  server.closeIdleConnections = () => {
    closing = true
    for (const socket of underWay.keys()) closeIfIdle(socket)
  }
}
