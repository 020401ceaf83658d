import { type DestinationStream, type Logger, pino } from 'pino'
import { msText, roundedMs } from '../clock.ts'
import type { RequestEnded } from './events.ts'

export interface AccessLogOptions {
  /** Trace id of a request that is recorded. */
  traceIdOf?: ((requestId: string) => string | undefined) | undefined
  /** Share of the access lines of 2xx responses that is written. Default: 100. */
  successPercent?: number
  random?: () => number
}

/** What the lines of a route have in common until its status or method changes. */
interface Kind {
  method: string
  status: number
  /** Members of the line, as JSON with a comma before each. */
  members: string
  message: string
}

/** A line for each request, when it is over. */
export class AccessLog {
  readonly #logger: Logger
  readonly #output: DestinationStream
  readonly #options: AccessLogOptions
  /** By route, the kind of its last line. */
  readonly #kinds = new Map<string, Kind>()

  constructor(logger: Logger, options: AccessLogOptions) {
    this.#logger = logger
    this.#output = (logger as unknown as Record<symbol, DestinationStream>)[
      pino.symbols.streamSym
    ] as DestinationStream
    this.#options = options
  }

  requestEnded(event: RequestEnded): void {
    const level = levelOf(event)
    // A line that nobody reads must cost nothing: this runs for every request.
    if (!this.#logger.isLevelEnabled(level) || (isSuccess(event) && !chosen(this.#options))) return
    const traceId = this.#options.traceIdOf?.(event.requestId)
    if (isUsual(event) && traceId === undefined) this.#writeUsual(event)
    else this.#logger[level](fieldsOf(event, traceId), messageOf(event))
  }

  /**
   * Nearly every line is of a request that was answered by its function. It is written by hand, which takes a fifth of the
   * logger's time; what may need escapes is written once for many lines. A test compares it with the logger's own.
   */
  #writeUsual(event: RequestEnded): void {
    const { members, message } = this.#kindOf(event)
    const { requestId, durationMs, batchId, batchSize, batchWaitMs = 0, flushReason } = event
    this.#output.write(
      `{"level":"info"${timestampMember()}${members},"requestId":"${requestId}","outcome":"sent"` +
        `,"durationMs":${msText(durationMs)},"batchId":"${batchId}","batchSize":${batchSize}` +
        `,"batchWaitMs":${msText(batchWaitMs)},"flushReason":"${flushReason}","message":${message}}\n`,
    )
  }

  #kindOf(event: RequestEnded): Kind {
    const { routeKey = '', method, status } = event
    const last = this.#kinds.get(routeKey)
    if (last?.method === method && last.status === status) return last
    const members = JSON.stringify({ event: 'request', method, routeKey, status })
    const kind = {
      method,
      status,
      members: `,${members.slice(1, -1)}`,
      message: JSON.stringify(messageOf(event)),
    }
    this.#kinds.set(routeKey, kind)
    return kind
  }
}

/** Whether a request was answered by its function, to the last byte. */
function isUsual({ code, outcome, batchId }: RequestEnded): boolean {
  return code === undefined && outcome === 'sent' && batchId !== undefined
}

/** Field by field: copying the event in parts takes longer than writing the line. */
function fieldsOf(event: RequestEnded, traceId: string | undefined): object {
  const { batchWaitMs } = event
  return {
    event: 'request',
    method: event.method,
    routeKey: event.routeKey,
    status: event.status,
    requestId: event.requestId,
    code: event.code,
    outcome: event.outcome,
    durationMs: roundedMs(event.durationMs),
    batchId: event.batchId,
    batchSize: event.batchSize,
    batchWaitMs: batchWaitMs === undefined ? undefined : roundedMs(batchWaitMs),
    flushReason: event.flushReason,
    traceId,
    error: event.error?.message,
  }
}

function messageOf({ routeKey, method, status }: RequestEnded): string {
  return `${routeKey ?? method} ${status}`
}

function isSuccess({ status, outcome }: RequestEnded): boolean {
  return outcome === 'sent' && status >= 200 && status < 300
}

function chosen({ successPercent = 100, random = Math.random }: AccessLogOptions): boolean {
  return successPercent >= 100 || random() * 100 < successPercent
}

/** Probes come every few seconds from each balancer, and say nothing while they are answered. */
function levelOf({ code, status, probe }: RequestEnded): 'debug' | 'info' | 'warn' {
  if (code !== undefined && status >= 500) return 'warn'
  return probe ? 'debug' : 'info'
}

let lastMs = 0
let lastMember = ''

/** The time as a member of a line. Many lines fall into one millisecond, and to format a time is a good part of the work. */
export function timestampMember(): string {
  const nowMs = Date.now()
  if (nowMs !== lastMs) lastMember = `,"timestamp":"${new Date(nowMs).toISOString()}"`
  lastMs = nowMs
  return lastMember
}
