import { type ItemFailure, StreamGoneError } from './failure.ts'
import type { ErrorInfo, OnError, Phase } from './types.ts'

/** Makes an error known: one line of JSON to the log, then the user's `onError`. */
export type Report<Event> = (error: unknown, info: ErrorInfo<Event>) => void

export function createReport<Event>(onError: OnError<Event> | undefined): Report<Event> {
  return (error, info) => {
    logError('item failed', error, info)
    if (onError) tell(onError, error, info)
  }
}

/** Reports an item's failure, unless it failed only because the whole stream did. */
export function reportFailure<Event>(
  report: Report<Event>,
  failure: ItemFailure,
  requestId: string,
  item: Event,
): void {
  if (failure.cause instanceof StreamGoneError) return
  report(failure.cause, { requestId, item, phase: failure.phase })
}

function tell<Event>(onError: OnError<Event>, error: unknown, info: ErrorInfo<Event>): void {
  const complain = (thrown: unknown) => logError('onError failed', thrown, info)
  try {
    // It may be an async function; its rejection must not end the process.
    Promise.resolve(onError(error, info) as unknown).catch(complain)
  } catch (thrown) {
    complain(thrown)
  }
}

/** One line of JSON on standard error. */
export function logError(message: string, error: unknown, info: { requestId: string; phase?: Phase }): void {
  const { requestId, phase } = info
  const timestamp = new Date().toISOString()
  const event = message.replaceAll(' ', '_')
  console.error(
    JSON.stringify({ timestamp, level: 'error', message, event, requestId, phase, error: describe(error) }),
  )
}

/** Anything can be thrown, so anything must be printable. */
function describe(error: unknown): Record<string, unknown> {
  try {
    if (!(error instanceof Error)) return { message: String(error) }
    const cause = error.cause === undefined ? undefined : String(error.cause)
    return { name: error.name, message: error.message, stack: error.stack, cause }
  } catch {
    return { message: 'an error that cannot be printed' }
  }
}
