import type { Manifest } from '@lpr/contract'
import { type DestinationStream, type Logger, pino } from 'pino'
import type { InvocationEnded, RequestEnded, RequestRejected, Retried, Telemetry } from './events.ts'

export type { Logger } from 'pino'

const LEVELS: readonly string[] = ['debug', 'info', 'warn', 'error']

/** JSON lines on standard output: `timestamp`, `level`, `message`, `event` and what the event needs. */
export function createLogger(
  level: Manifest['LogLevel'] = 'info',
  environment: NodeJS.ProcessEnv = process.env,
  destination?: DestinationStream,
): Logger {
  const wanted = environment.LPR_LOG_LEVEL?.trim().toLowerCase() || environment.RUST_LOG?.trim().toLowerCase()
  const options = {
    level: wanted !== undefined && LEVELS.includes(wanted) ? wanted : level,
    base: null,
    messageKey: 'message',
    timestamp: timestamps(),
    formatters: { level: (label: string) => ({ level: label }) },
  }
  return destination === undefined ? pino(options) : pino(options, destination)
}

/** Under load many lines fall into one millisecond, and to format a time is a good part of the work. */
function timestamps(): () => string {
  let atMs = 0
  let member = ''
  return () => {
    const nowMs = Date.now()
    if (nowMs !== atMs) member = `,"timestamp":"${new Date(nowMs).toISOString()}"`
    atMs = nowMs
    return member
  }
}

export interface LogOptions {
  /** Trace id of a request that is recorded. */
  traceIdOf?: ((requestId: string) => string | undefined) | undefined
  /** Share of the access lines of 2xx responses that is written. Default: 100. */
  successPercent?: number
  random?: () => number
}

/** Writes a line for each event that somebody may look for. */
export function logTelemetry(telemetry: Telemetry, logger: Logger, options: LogOptions = {}): void {
  telemetry.requestEnded.subscribe((event) => logRequest(logger, event, options))
  telemetry.requestRejected.subscribe((event) => logRejection(logger, event))
  telemetry.invocationEnded.subscribe((event) => logInvocation(logger, event))
  telemetry.retried.subscribe((event) => logRetry(logger, event))
}

function logRequest(logger: Logger, event: RequestEnded, options: LogOptions): void {
  const level = levelOf(event)
  // A line that nobody reads must cost nothing: this runs for every request.
  if (!logger.isLevelEnabled(level) || (isSuccess(event) && !chosen(options))) return
  logger[level](accessLine(event, options), `${event.routeKey ?? event.method} ${event.status}`)
}

/** Field by field: copying the event in parts takes longer than writing the line. */
function accessLine(event: RequestEnded, { traceIdOf }: LogOptions): object {
  const { batchWaitMs } = event
  return {
    event: 'request',
    requestId: event.requestId,
    method: event.method,
    routeKey: event.routeKey,
    status: event.status,
    code: event.code,
    outcome: event.outcome,
    durationMs: round(event.durationMs),
    batchId: event.batchId,
    batchSize: event.batchSize,
    batchWaitMs: batchWaitMs === undefined ? undefined : round(batchWaitMs),
    flushReason: event.flushReason,
    traceId: traceIdOf?.(event.requestId),
    error: event.error?.message,
  }
}

function isSuccess({ status, outcome }: RequestEnded): boolean {
  return outcome === 'sent' && status >= 200 && status < 300
}

function chosen({ successPercent = 100, random = Math.random }: LogOptions): boolean {
  return successPercent >= 100 || random() * 100 < successPercent
}

/** Probes come every few seconds from each balancer, and say nothing while they are answered. */
function levelOf({ code, status, probe }: RequestEnded): 'debug' | 'info' | 'warn' {
  if (code !== undefined && status >= 500) return 'warn'
  return probe ? 'debug' : 'info'
}

function logInvocation(logger: Logger, event: InvocationEnded): void {
  const { error, stray, durationMs, ...fields } = event
  const strays = stray.malformed + stray.unknown + stray.late > 0 ? { stray } : {}
  const line = { event: 'invocation', ...fields, durationMs: round(durationMs), ...strays }
  if (error !== undefined && event.outcome !== 'abandoned') {
    logger.warn(
      { ...line, event: 'invocation_failed', error: error.message },
      `invocation of ${event.functionName} failed`,
    )
  } else if (stray.malformed > 0 || stray.unknown > 0) {
    logger.warn(
      { ...line, event: 'stray_records' },
      `${event.functionName} sent records that belong to no request`,
    )
  } else {
    logger.debug(line, `invoked ${event.functionName} for ${event.batchSize}`)
  }
}

function logRejection(logger: Logger, { error, ...fields }: RequestRejected): void {
  logger.info(
    { event: 'request_rejected', ...fields, error: error.message },
    `unreadable request: ${fields.status}`,
  )
}

function logRetry(logger: Logger, event: Retried): void {
  logger.info({ event: 'retry', ...event }, `trying ${event.routeKey} again after ${event.failure}`)
}

function round(ms: number): number {
  return Math.round(ms * 1000) / 1000
}
