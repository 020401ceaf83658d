import { MAX_PAYLOAD_BYTES } from './limits.ts'

/** A refusal by the Runtime API, as a function's runtime sees it. */
export class RuntimeApiError extends Error {
  readonly status: number
  /** For example `InvalidRequestID`. */
  readonly type: string

  constructor(status: number, type: string, message: string) {
    super(message)
    this.name = type
    this.status = status
    this.type = type
  }

  static invalidRequestId(requestId: string): RuntimeApiError {
    return new RuntimeApiError(400, 'InvalidRequestID', `Invalid request ID: ${requestId}`)
  }

  static invalidInvocationId(invocationId: string): RuntimeApiError {
    return new RuntimeApiError(400, 'InvalidInvocationId', `Invalid invocation ID: ${invocationId}`)
  }

  static invalidMode(mode: string): RuntimeApiError {
    const message = `Lambda-Runtime-Function-Response-Mode ${JSON.stringify(mode)}: expected "streaming" or no header`
    return new RuntimeApiError(400, 'InvalidFunctionResponseMode', message)
  }

  static invalidState(call: string, state: string): RuntimeApiError {
    const message = `State transition from ${state} is not allowed by ${call}`
    return new RuntimeApiError(403, 'InvalidStateTransition', message)
  }

  static tooLarge(): RuntimeApiError {
    const message = `Exceeded maximum allowed payload size (${MAX_PAYLOAD_BYTES} bytes).`
    return new RuntimeApiError(413, 'RequestEntityTooLarge', message)
  }

  static truncated(): RuntimeApiError {
    return new RuntimeApiError(400, 'TruncatedHTTPRequest', 'HTTP request was not fully received')
  }

  static internal(cause: unknown): RuntimeApiError {
    return new RuntimeApiError(500, 'InternalServerError', String(cause))
  }
}
