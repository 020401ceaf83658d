/** The part of an API Gateway HTTP API event (payload format 2.0) that handlers use. */
export interface HttpEvent {
  version: string
  routeKey: string
  rawPath: string
  rawQueryString: string
  cookies?: string[]
  headers: Record<string, string | undefined>
  queryStringParameters?: Record<string, string | undefined>
  pathParameters?: Record<string, string | undefined>
  requestContext: {
    accountId: string
    apiId: string
    domainName: string
    domainPrefix: string
    http: { method: string; path: string; protocol: string; sourceIp: string; userAgent: string }
    requestId: string
    routeKey: string
    stage: string
    time: string
    timeEpoch: number
  }
  body?: string
  isBase64Encoded: boolean
}

/** What the Lambda runtime hands to a handler beside the event; only what the adapter touches. */
export interface LambdaContext {
  awsRequestId: string
  getRemainingTimeInMillis(): number
}

/** The context of one item: Lambda's own, with the item's id and deadline. */
export type ItemContext<Context extends LambdaContext = LambdaContext> = Context & {
  /** Aborted when the item's time is nearly up, or nobody takes its response any more. */
  readonly signal: AbortSignal
}

/** A piece of a body. */
export type Chunk = string | Uint8Array

/** Text, bytes, or anything that yields them: web and Node streams, generators, iterables. */
export type Body = Chunk | AsyncIterable<Chunk> | Iterable<Chunk> | ReadableStream<Chunk> | null | undefined

/** The structured form of a handler's answer. */
export interface HttpResult {
  statusCode?: number
  headers?: Record<string, string | number | boolean | readonly (string | number)[] | null | undefined>
  multiValueHeaders?: Record<string, readonly (string | number | boolean)[] | null | undefined>
  cookies?: readonly string[]
  body?: Body
  /** Whether a text body is base64 of the real one. */
  isBase64Encoded?: boolean
}

/** A handler for one request, as for API Gateway. It may return any value that API Gateway understands. */
export type Handler<Event = HttpEvent, Context extends LambdaContext = LambdaContext> = (
  event: Event,
  context: ItemContext<Context>,
) => unknown

/** What `onError` is told beside the error. */
export interface ErrorInfo<Event = HttpEvent> {
  requestId: string
  item: Event
  /** `handler`: it threw. `response`: what it returned is unusable. `stream`: its body broke off. */
  phase: 'handler' | 'response' | 'stream'
}

export interface AdapterOptions<Event = HttpEvent> {
  /** Items handled at a time; default: all of the batch. */
  concurrency?: number
  /** Told of every failed item, after it was logged. */
  onError?: (error: unknown, info: ErrorInfo<Event>) => void
}

export interface StreamAdapterOptions<Event = HttpEvent> extends AdapterOptions<Event> {
  /** Send each response as it is produced, chunk by chunk, instead of whole responses one by one. Default false. */
  interleaved?: boolean
  /** Lambda's `awslambda.streamifyResponse`, or a stand-in for tests. */
  streamifyResponse?: Streamify
}

/** The writable side of a streamed Lambda response. */
export interface ResponseStream {
  write(chunk: string | Uint8Array): boolean
  end(): void
  once(event: string, listener: (...args: unknown[]) => void): unknown
  off(event: string, listener: (...args: unknown[]) => void): unknown
  setContentType?(type: string): void
  destroyed?: boolean
}

/** `awslambda.streamifyResponse`. */
export type Streamify = (
  // The runtime's own types are looser than any that could be written here.
  handler: (event: never, stream: ResponseStream, context: never) => Promise<void>,
) => unknown
