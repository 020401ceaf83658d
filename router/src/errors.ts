/** Whose fault an error is. */
export type Fault = 'client' | 'router' | 'function' | 'aws'

interface ErrorKind {
  status: number
  title: string
  fault: Fault
  /** For the docs: when it happens, and what to do about it. */
  when: string
  remedy: string
  /** Seconds of the `Retry-After` header, for what is worth another try. */
  retryAfterSeconds?: number
}

/** Every error that the router itself answers with. `docs/errors.md` lists them; a test keeps both in step. */
export const ERROR_KINDS = {
  route_not_found: {
    status: 404,
    title: 'No route matches the path',
    fault: 'client',
    when: 'no template of the spec matches the path',
    remedy: 'check the path; paths are compared as sent, without decoding',
  },
  method_not_allowed: {
    status: 405,
    title: 'The route does not take this method',
    fault: 'client',
    when: 'the path has no operation for the method',
    remedy: 'use a method of the `Allow` header',
  },
  bad_request: {
    status: 400,
    title: 'The request is malformed',
    fault: 'client',
    when: 'malformed request target, percent-encoding, framing or tenant id',
    remedy: 'mend the request',
  },
  body_too_large: {
    status: 413,
    title: 'The request is too large',
    fault: 'client',
    when: 'declared or actual body over `maxBodyBytes`, or an event over `MaxInvokePayloadBytes`',
    remedy: 'send less, or raise the limit',
  },
  request_read_timeout: {
    status: 408,
    title: 'The request took too long to arrive',
    fault: 'client',
    when: 'the head took longer than `HeadersTimeoutMs`, or the body longer than `RequestReadTimeoutMs`',
    remedy: 'check the connection of the client',
  },
  too_many_requests: {
    status: 429,
    title: 'Too many requests at once',
    fault: 'router',
    retryAfterSeconds: 1,
    when: '`MaxInflightRequests` are in flight',
    remedy: 'add instances, or raise the limit',
  },
  queue_full: {
    status: 429,
    title: 'Too many requests wait for this key',
    fault: 'router',
    retryAfterSeconds: 1,
    when: '`MaxQueueDepthPerKey` or `maxQueueDepth` requests of this batch key wait',
    remedy: 'find out why this key is slow',
  },
  router_overloaded: {
    status: 429,
    title: 'Too many invocations wait',
    fault: 'router',
    retryAfterSeconds: 1,
    when: '`MaxPendingInvocations` batches wait for an invocation',
    remedy: 'add instances, raise `MaxInflightInvocations`, or make the function faster',
  },
  function_throttled: {
    status: 429,
    title: 'The function is throttled',
    fault: 'aws',
    retryAfterSeconds: 1,
    when: 'Lambda refused the invocation for now',
    remedy: 'raise the concurrency of the function',
  },
  function_error: {
    status: 502,
    title: 'The function failed',
    fault: 'function',
    when: 'the function failed, timed out, or fell silent in a stream',
    remedy: 'see the log of the function',
  },
  invalid_function_response: {
    status: 502,
    title: 'The function gave an unusable response',
    fault: 'function',
    when: "this request's record is unusable; others of the batch are not affected",
    remedy: 'see the log of the router for what is wrong with it',
  },
  missing_function_response: {
    status: 502,
    title: 'The function gave no response to this request',
    fault: 'function',
    when: 'the function answered without this request',
    remedy: 'check that the handler answers every item',
  },
  invoke_failed: {
    status: 502,
    title: 'The function could not be invoked',
    fault: 'aws',
    when: 'no connection, no permission, no such function',
    remedy: 'see the log of the router; check role and target ARN',
  },
  timeout: {
    status: 504,
    title: 'The function did not respond in time',
    fault: 'function',
    when: 'no response head within `timeoutMs` of arrival',
    remedy: 'make the function faster, or raise `timeoutMs`',
  },
  shutting_down: {
    status: 503,
    title: 'The router is shutting down',
    fault: 'router',
    retryAfterSeconds: 1,
    when: 'the router ended before the request did',
    remedy: 'try again: another instance serves',
  },
} as const satisfies Record<string, ErrorKind>

export type ErrorCode = keyof typeof ERROR_KINDS

/**
 * An error that ends a request. `code` decides what the client sees; `message` and `cause` are for the log only,
 * because they may hold ARNs, SDK texts and stacks.
 */
export class RouterError extends Error {
  readonly code: ErrorCode
  readonly status: number
  readonly title: string
  readonly fault: Fault
  /** Headers that this error adds to its response. */
  readonly headers: Record<string, string>

  constructor(
    code: ErrorCode,
    detail: string,
    options: { cause?: unknown; headers?: Record<string, string> } = {},
  ) {
    // Where a refusal was made is told by its code, and nothing reads its stack; but under overload, when errors are what
    // the router makes most of, collecting stacks took 6 % of its CPU. A cause keeps its own.
    const limit = Error.stackTraceLimit
    Error.stackTraceLimit = 0
    super(detail, options.cause === undefined ? undefined : { cause: options.cause })
    Error.stackTraceLimit = limit
    const kind: ErrorKind = ERROR_KINDS[code]
    this.name = 'RouterError'
    this.code = code
    this.status = kind.status
    this.title = kind.title
    this.fault = kind.fault
    const retryAfter = kind.retryAfterSeconds
    this.headers = {
      ...(retryAfter === undefined ? {} : { 'retry-after': String(retryAfter) }),
      ...options.headers,
    }
  }
}
