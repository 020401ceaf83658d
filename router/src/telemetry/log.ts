import type { Manifest } from '@lpr/contract'
import { type DestinationStream, type Logger, pino } from 'pino'
import { roundedMs } from '../clock.ts'
import { AccessLog, type AccessLogOptions, timestampMember } from './access-log.ts'
import type { InvocationEnded, RequestRejected, Retried, Telemetry } from './events.ts'

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
    timestamp: timestampMember,
    formatters: { level: (label: string) => ({ level: label }) },
  }
  return pino(options, destination ?? toStandardOutput())
}

let output: DestinationStream | undefined

/** One for all loggers of the process, so that their lines stay in order. */
function toStandardOutput(): DestinationStream {
  output ??= standardOutput()
  return output
}

/**
 * The lines of one turn of the event loop are written together: a system call for each would take as long as to make it.
 * Whatever ends the process, but for a kill, lets this write what is left.
 */
function standardOutput(): DestinationStream {
  const descriptor = pino.destination({ dest: 1, sync: true })
  let lines = ''
  const flush = (): void => {
    const held = lines
    lines = ''
    if (held !== '') descriptor.write(held)
  }
  process.on('exit', flush)
  return {
    write(line) {
      if (lines === '') setImmediate(flush)
      lines += line
    },
  }
}

/** Writes a line for each event that somebody may look for. */
export function logTelemetry(telemetry: Telemetry, logger: Logger, options: AccessLogOptions = {}): void {
  const accessLog = new AccessLog(logger, options)
  telemetry.requestEnded.subscribe((event) => accessLog.requestEnded(event))
  telemetry.requestRejected.subscribe((event) => logRejection(logger, event))
  telemetry.invocationEnded.subscribe((event) => logInvocation(logger, event))
  telemetry.retried.subscribe((event) => logRetry(logger, event))
}

function logInvocation(logger: Logger, event: InvocationEnded): void {
  const { outcome, error } = event
  const failed = error !== undefined && outcome !== 'abandoned'
  const strayed = event.stray.malformed > 0 || event.stray.unknown > 0
  // Nearly all go well, and few loggers tell of those: to make a line that nobody reads takes longer than to see that.
  if (!logger.isLevelEnabled(failed || strayed ? 'warn' : 'debug')) return
  const { stray, durationMs, error: _error, ...fields } = event
  const strays = strayed || stray.late > 0 ? { stray } : {}
  const line = { event: 'invocation', ...fields, durationMs: roundedMs(durationMs), ...strays }
  if (failed) {
    logger.warn(
      { ...line, event: 'invocation_failed', error: error.message },
      `invocation of ${event.functionName} failed`,
    )
  } else if (strayed) {
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
