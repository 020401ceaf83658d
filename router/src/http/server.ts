import { createServer, type IncomingMessage, type Server, type ServerResponse, STATUS_CODES } from 'node:http'
import type { Socket } from 'node:net'
import type { Duplex } from 'node:stream'
import type { ListenAddress } from '@lpr/contract'
import { systemClock } from '../clock.ts'
import { RouterError } from '../errors.ts'
import type { Telemetry } from '../telemetry/events.ts'
import { closeWhenIdle } from './connections.ts'
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
  limits: ServerLimits,
  telemetry: Telemetry,
): Server {
  const server = createServer({
    headersTimeout: limits.headersTimeoutMs,
    requestTimeout: Math.max(limits.headersTimeoutMs, limits.requestReadTimeoutMs) + READ_TIMEOUT_MARGIN_MS,
    keepAliveTimeout: limits.keepAliveTimeoutMs,
    connectionsCheckingInterval: TIMEOUT_CHECK_MS,
    requireHostHeader: false,
    noDelay: true,
  })
  const busy = new WeakMap<Duplex, ServerResponse>()
  const serve = (request: IncomingMessage, response: ServerResponse, expectsContinue: boolean): void => {
    busy.set(request.socket, response)
    handler.handle(request, response, expectsContinue)
  }
  server.on('request', (request, response) => serve(request, response, false))
  server.on('checkContinue', (request, response) => serve(request, response, true))
  const refuse = (socket: Duplex, error: RouterError): void => refuseConnection(socket, error, telemetry)
  server.on('connect', (_request, socket) => refuse(socket, new RouterError('bad_request', 'CONNECT')))
  server.on('clientError', (error: NodeJS.ErrnoException, socket) =>
    onClientError(error, socket, busy.get(socket), refuse),
  )
  serveHalfClosed(server, busy)
  closeWhenIdle(server)
  return server
}

/** Starts listening; rejects if the address is taken or not this machine's. */
export function listen(server: Server, { host, port }: ListenAddress): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', reject)
    server.listen({ port, ...(host === undefined ? {} : { host }) }, () => {
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
function serveHalfClosed(server: Server, busy: WeakMap<Duplex, ServerResponse>): void {
  Object.assign(server, { httpAllowHalfOpen: true })
  server.on('connection', (socket: Socket) => {
    socket.on('end', () => {
      const response = busy.get(socket)
      if (response === undefined || response.req.httpVersion !== '1.1' || !response.req.complete) return
      const timers = PROBES_MS.map((delayMs) =>
        // The network's time, not the router's: no injected clock can make a reset arrive.
        systemClock.after(delayMs, () => {
          if (!response.headersSent && socket.writable) response.writeContinue()
        }),
      )
      response.once('close', () => {
        for (const timer of timers) timer.cancel()
      })
    })
  })
}

/** A malformed request gets a proper answer, unless an answer is under way on the same connection. */
function onClientError(
  error: NodeJS.ErrnoException,
  socket: Duplex,
  current: ServerResponse | undefined,
  refuse: (socket: Duplex, error: RouterError) => void,
): void {
  const underWay = current !== undefined && !current.writableFinished && current.headersSent
  if (error.code === 'ECONNRESET' || !socket.writable || underWay) {
    socket.destroy()
    return
  }
  const timedOut = error.code === 'ERR_HTTP_REQUEST_TIMEOUT'
  refuse(socket, new RouterError(timedOut ? 'request_read_timeout' : 'bad_request', error.message))
}

function refuseConnection(socket: Duplex, error: RouterError, telemetry: Telemetry): void {
  const requestId = `r-${crypto.randomUUID()}`
  const { status, code } = error
  telemetry.requestRejected.publish?.({ requestId, status, code, error })
  const body = problemDocument(error, requestId)
  const head = [
    `HTTP/1.1 ${error.status} ${STATUS_CODES[error.status]}`,
    'content-type: application/problem+json',
    `x-lpr-error: ${error.code}`,
    `x-lpr-request-id: ${requestId}`,
    `content-length: ${body.length}`,
    'connection: close',
  ]
  socket.end(`${head.join('\r\n')}\r\n\r\n${body}`)
}
