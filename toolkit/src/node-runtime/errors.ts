/** An error that the runtime itself finds, under the name that Lambda gives it: `Runtime.HandlerNotFound`. */
export class RuntimeError extends Error {
  constructor(name: string, message: string, cause?: unknown) {
    super(message, { cause })
    this.name = name
  }
}

/** An error as the Runtime API takes it. */
export interface ErrorReport {
  errorType: string
  errorMessage: string
  trace: string[]
}

/** Describes whatever a handler threw; also what is no error, and what does not let itself be read. */
export function toErrorReport(thrown: unknown): ErrorReport {
  try {
    if (thrown instanceof Error) {
      return {
        errorType: clean(thrown.name),
        errorMessage: clean(thrown.message),
        trace: typeof thrown.stack === 'string' ? clean(thrown.stack).split('\n') : [],
      }
    }
    return { errorType: typeof thrown, errorMessage: String(thrown), trace: [] }
  } catch {
    return { errorType: 'Error', errorMessage: 'the error that was thrown cannot be read', trace: [] }
  }
}

/** An error type that fits an HTTP header; the name of an error class may hold anything. */
export function toErrorTypeHeader(errorType: string): string {
  return errorType.replace(/[^\x20-\x7e]/g, '?')
}

function clean(text: unknown): string {
  return String(text).replaceAll('\x7f', '%7F')
}
