import { createServer, type Server, STATUS_CODES } from 'node:http'
import type { Socket } from 'node:net'
import type { Duplex } from 'node:stream'
import type { ListenAddress } from '@lpr/contract'
import { systemClock } from '../clock.ts'
import { RouterError } from '../errors.ts'
import { newId } from '../ids.ts'
import type { Telemetry } from '../telemetry/events.ts'
import type { Connections } from './connections.ts'
import { DirectRequest } from './direct-request.ts'
import type { Exchange } from './exchange.ts'
import type { RequestHandler } from './handler.ts'
import { problemDocument } from './problem.ts'

export interface ServerLimits {
  headersTimeoutMs: number
  requestReadTimeoutMs: number
  keepAliveTimeoutMs: number
}

/** How often Node looks for connections that are over their time; its default is 30 s. */
const TIMEOUT_CHECK_MS = 500
/** The handler times bodies itself and says so properly; Node's own limit only backs it up. */
const READ_TIMEOUT_MARGIN_MS = 2000

/** The public HTTP server. Nothing reaches the handler but well-formed HTTP/1.x requests. */
export function createHttpServer(
  handler: RequestHandler,
  connections: Connections<Exchange>,
  limits: ServerLimits,
  telemetry: Telemetry,
): Server {
  const server = createServer({
    IncomingMessage: DirectRequest,
    headersTimeout: limits.headersTimeoutMs,
    requestTimeout: Math.max(limits.headersTimeoutMs, limits.requestReadTimeoutMs) + READ_TIMEOUT_MARGIN_MS,
    keepAliveTimeout: limits.keepAliveTimeoutMs,
    connectionsCheckingInterval: TIMEOUT_CHECK_MS,
    requireHostHeader: false,
    noDelay: true,
  })
  const refuse = refuser(telemetry)
  connections.follow(server)
  server.on('request', (request, response) => handler.handle(request, response))
  server.on('checkContinue', (request, response) => handler.handle(request, response, true))
  server.on('connect', (_request, socket) => refuse(socket, new RouterError('bad_request', 'CONNECT')))
  server.on('clientError', onClientError(connections, refuse))
  serveHalfClosed(server, connections)
  return server
}

/**
 * Connections that may wait to be accepted; the system cuts it down to its own limit (`net.core.somaxconn`). When it is
 * full the kernel drops what the client holds to be an open connection, and a burst of clients waits for seconds.
 */
const BACKLOG = 65_535

/** Starts listening; rejects if the address is taken or not this machine's. */
export function listen(server: Server, { host, port }: ListenAddress): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', reject)
    server.listen({ port, backlog: BACKLOG, ...(host === undefined ? {} : { host }) }, () => {
      server.off('error', reject)
      resolve()
    })
  })
}

/** When a half-closed connection is probed. The first write brings the reset, the next one notices it. */
const PROBES_MS = [0, 20, 200, 1000]

/**
 * A client may shut its sending side and still wait for the answer; but one that has closed altogether looks the same
 * until something is sent to it. Interim responses (RFC 9110 section 15.2) tell them apart: every HTTP/1.1 client
 * skips them, and from a closed one they bring back a reset, so that its request leaves the batch.
 */
function serveHalfClosed(server: Server, connections: Connections<Exchange>): void {
  Object.assign(server, { httpAllowHalfOpen: true })
  const probe = (socket: Socket): void => {
    const response = connections.first(socket)?.response
    if (response?.req.httpVersion === '1.1' && !response.headersSent && socket.writable)
      response.writeContinue()
  }
  server.on('connection', (socket: Socket) => {
    socket.on('end', () => {
      if (connections.last(socket)?.request.complete !== true) return
      // The network's time, not the router's: no injected clock can make a reset arrive.
      const timers = PROBES_MS.map((delayMs) => systemClock.after(delayMs, () => probe(socket)))
      socket.once('close', () => {
        for (const timer of timers) timer.cancel()
      })
    })
  })
}

/**
 * A malformed request gets a proper answer, in its turn. If its head was good, it is under way and fails as a request;
 * otherwise the answer waits for those of the requests before it. Nothing more is read from its connection.
 */
function onClientError(connections: Connections<Exchange>, refuse: Refuse) {
  const refused = new WeakSet<Duplex>()
  return (error: NodeJS.ErrnoException, stream: Duplex): void => {
    const socket = stream as Socket
    if (error.code === 'ECONNRESET' || !socket.writable) {
      socket.destroy()
      return
    }
    // Node says it again for whatever else arrives.
    if (refused.has(socket)) return
    refused.add(socket)
    const timedOut = error.code === 'ERR_HTTP_REQUEST_TIMEOUT'
    const refusal = new RouterError(timedOut ? 'request_read_timeout' : 'bad_request', error.message)
    const last = connections.last(socket)
    if (last?.request.complete === false) last.fail(refusal)
    else connections.whenIdle(socket, () => refuse(socket, refusal))
  }
}

type Refuse = (socket: Duplex, error: RouterError) => void

function refuser(telemetry: Telemetry): Refuse {
  return (socket, error) => {
    const requestId = newId('r-')
    const { status, code } = error
    telemetry.requestRejected.publish?.({ requestId, status, code, error })
    const body = problemDocument(error, requestId)
    const head = [
      `HTTP/1.1 ${status} ${STATUS_CODES[status]}`,
      'content-type: application/problem+json',
      `x-lpr-error: ${code}`,
      `x-lpr-request-id: ${requestId}`,
      `content-length: ${body.length}`,
      'connection: close',
    ]
    socket.end(`${head.join('\r\n')}\r\n\r\n${body}`)
  }
}
