import type { AdapterOptions, ErrorInfo } from './types.ts'

/** Logs a failed item, so that whoever looks for its request id finds the reason, and tells `onError`. */
export function reportFailure<Event>(
  error: unknown,
  info: ErrorInfo<Event>,
  options: AdapterOptions<Event>,
): void {
  const { requestId, phase } = info
  const cause =
    error instanceof Error
      ? { errorType: error.name, errorMessage: error.message, stack: error.stack }
      : { errorMessage: String(error) }
  console.error(JSON.stringify({ level: 'error', event: 'item_failed', requestId, phase, ...cause }))
  try {
    options.onError?.(error, info)
  } catch (secondary) {
    console.error(
      JSON.stringify({
        level: 'error',
        event: 'on_error_failed',
        requestId,
        errorMessage: String(secondary),
      }),
    )
  }
}

/** Checks what every adapter is given. Throws a TypeError at construction, where it is seen, not at the first request. */
export function checkHandler(handler: unknown): void {
  if (typeof handler !== 'function') throw new TypeError(`handler must be a function, got ${typeof handler}`)
}

/** An item that has no id cannot be answered, because no client can be found for it. */
export function reportNameless(): void {
  console.error(
    JSON.stringify({
      level: 'error',
      event: 'item_without_id',
      errorMessage: 'requestContext.requestId is missing',
    }),
  )
}
