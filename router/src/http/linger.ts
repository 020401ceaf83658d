import type { IncomingMessage, ServerResponse } from 'node:http'
import type { Clock } from '../clock.ts'

const LINGER_MS = 1000
const LINGER_BYTES = 1024 * 1024

/**
 * Ends a response to a request whose body has not been read, in a way that the client can see it: closing a socket
 * with unread data makes the kernel send a reset, which can overtake the response. So what still comes is thrown away
 * for a while before the connection is closed.
 */
export function refuseUnread(request: IncomingMessage, response: ServerResponse, clock: Clock): void {
  let bytes = 0
  const finish = (): void => {
    timer.cancel()
    request.off('data', onData).off('end', finish).off('close', finish)
    response.end()
  }
  const onData = (chunk: Buffer): void => {
    bytes += chunk.length
    if (bytes > LINGER_BYTES) finish()
  }
  const timer = clock.after(LINGER_MS, finish)
  request.on('data', onData).on('end', finish).on('close', finish).resume()
}
