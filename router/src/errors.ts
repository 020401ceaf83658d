/** Whose fault an error is. */
export type Fault = 'client' | 'router' | 'function' | 'aws'

interface ErrorKind {
  status: number
  title: string
  fault: Fault
  /** Seconds of the `Retry-After` header, for what is worth another try. */
  retryAfterSeconds?: number
}

/** Every error that the router itself answers with. `docs/errors.md` lists them; a test keeps both in step. */
export const ERROR_KINDS = {
  route_not_found: { status: 404, title: 'No route matches the path', fault: 'client' },
  method_not_allowed: { status: 405, title: 'The route does not take this method', fault: 'client' },
  bad_request: { status: 400, title: 'The request is malformed', fault: 'client' },
  body_too_large: { status: 413, title: 'The request is too large', fault: 'client' },
  request_read_timeout: { status: 408, title: 'The request took too long to arrive', fault: 'client' },
  too_many_requests: {
    status: 429,
    title: 'Too many requests at once',
    fault: 'router',
    retryAfterSeconds: 1,
  },
  queue_full: {
    status: 429,
    title: 'Too many requests wait for this key',
    fault: 'router',
    retryAfterSeconds: 1,
  },
  router_overloaded: {
    status: 429,
    title: 'Too many invocations wait',
    fault: 'router',
    retryAfterSeconds: 1,
  },
  function_throttled: { status: 429, title: 'The function is throttled', fault: 'aws', retryAfterSeconds: 1 },
  function_error: { status: 502, title: 'The function failed', fault: 'function' },
  invalid_function_response: {
    status: 502,
    title: 'The function gave an unusable response',
    fault: 'function',
  },
  missing_function_response: {
    status: 502,
    title: 'The function gave no response to this request',
    fault: 'function',
  },
  invoke_failed: { status: 502, title: 'The function could not be invoked', fault: 'aws' },
  timeout: { status: 504, title: 'The function did not respond in time', fault: 'function' },
  shutting_down: { status: 503, title: 'The router is shutting down', fault: 'router', retryAfterSeconds: 1 },
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
    super(detail, options.cause === undefined ? undefined : { cause: options.cause })
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
