/** An error of the Lambda service itself: what the SDK throws. */
export class ServiceError extends Error {
  /** Exception name, for example `ResourceNotFoundException`. */
  readonly type: string
  readonly status: number
  readonly #fields: Record<string, string>

  constructor(type: string, status: number, message: string, fields: Record<string, string> = {}) {
    super(message)
    this.name = type
    this.type = type
    this.status = status
    this.#fields = fields
  }

  /** Seconds for the `Retry-After` header. */
  get retryAfterSeconds(): number | undefined {
    return this.status === 429 ? 1 : undefined
  }

  /** The JSON body. The shapes of the API disagree about `Message` and `message`. */
  get body(): Record<string, string> {
    const member = UPPER_CASE_MESSAGE.has(this.type) ? 'Message' : 'message'
    return { Type: this.status >= 500 ? 'Service' : 'User', [member]: this.message, ...this.#fields }
  }
}

/** The function's own failure: a 200 answer whose payload describes the error. */
export class FunctionFailure {
  /** For example `Runtime.ExitError`, or the name of the error that the handler threw. */
  readonly errorType: string
  /** JSON document, usually `{errorType, errorMessage, trace}`. */
  readonly payload: Buffer

  constructor(errorType: string, payload: Buffer) {
    this.errorType = errorType
    this.payload = payload
  }

  /** A failure that the platform reports for the function. */
  static of(errorType: string, errorMessage: string): FunctionFailure {
    return new FunctionFailure(errorType, Buffer.from(JSON.stringify({ errorType, errorMessage })))
  }
}

export function functionNotFound(arn: string): ServiceError {
  return new ServiceError('ResourceNotFoundException', 404, `Function not found: ${arn}`)
}

export function invalidParameter(message: string): ServiceError {
  return new ServiceError('InvalidParameterValueException', 400, message)
}

export function invalidContent(message: string): ServiceError {
  return new ServiceError('InvalidRequestContentException', 400, message)
}

export function requestTooLarge(limitBytes: number): ServiceError {
  const message = `Request must be smaller than ${limitBytes} bytes for the InvokeFunction operation`
  return new ServiceError('RequestTooLargeException', 413, message)
}

/** Reasons as in https://docs.aws.amazon.com/lambda/latest/api/API_Invoke.html, TooManyRequestsException. */
export type ThrottleReason =
  | 'ReservedFunctionConcurrentInvocationLimitExceeded'
  | 'ConcurrentInvocationLimitExceeded'

export function throttled(reason: ThrottleReason): ServiceError {
  return new ServiceError('TooManyRequestsException', 429, 'Rate Exceeded.', { Reason: reason })
}

export function stopped(): ServiceError {
  return new ServiceError('ServiceException', 500, 'The local Lambda was stopped.')
}

const UPPER_CASE_MESSAGE = new Set([
  'ResourceNotFoundException',
  'ServiceException',
  'UnknownOperationException',
])
