import type { BatchEvent, BufferedEnvelope } from './wire.ts'

/** A request as API Gateway HTTP APIs describe it, payload format 2.0; the shape of every item unless the route says otherwise. */
export interface HttpEvent {
  version: string
  routeKey: string
  /** As received: still percent-encoded. */
  rawPath: string
  rawQueryString: string
  cookies?: string[]
  /** Names in lower case; the values of a repeated header joined with commas. */
  headers: Record<string, string | undefined>
  queryStringParameters?: Record<string, string | undefined>
  pathParameters?: Record<string, string | undefined>
  stageVariables?: Record<string, string | undefined>
  requestContext: {
    accountId: string
    apiId: string
    domainName: string
    domainPrefix: string
    requestId: string
    routeKey: string
    stage: string
    time: string
    /** Unix time in ms at which the request arrived. */
    timeEpoch: number
    http: { method: string; path: string; protocol: string; sourceIp: string; userAgent: string }
  }
  body?: string
  isBase64Encoded: boolean
}

/** A response in API Gateway's format 2.0. The adapter takes more than that as a body, and any JSON value in its place. */
export interface HttpResponse {
  /** A whole number from 200 to 999. */
  statusCode: number
  headers?: Record<string, string | number | boolean | readonly (string | number | boolean)[] | undefined>
  multiValueHeaders?: Record<string, readonly (string | number | boolean)[] | undefined>
  cookies?: readonly string[]
  /** Text, bytes, a web or Node stream, an iterable or async iterable of text and bytes, or a value to be sent as JSON. */
  body?: unknown
  /** Says that text in `body` is base64. Bytes need no flag. */
  isBase64Encoded?: boolean
}

// A consumer may have neither the DOM library nor Node's types; then the parts named here are all there is to know.
type Signal = typeof globalThis extends { AbortSignal: { prototype: infer Known } } ? Known : MinimalSignal

interface MinimalSignal {
  readonly aborted: boolean
  readonly reason: unknown
  addEventListener(type: 'abort', listener: () => void, options?: { once?: boolean }): void
  removeEventListener(type: 'abort', listener: () => void): void
}

/** What the Lambda runtime passes as its second argument, less what Node.js 24 has dropped. */
export interface LambdaContext {
  functionName: string
  functionVersion: string
  invokedFunctionArn: string
  memoryLimitInMB: string
  awsRequestId: string
  logGroupName: string
  logStreamName: string
  tenantId?: string | undefined
  /** In the form of the header `x-amzn-trace-id`; from Node.js 24 on. */
  xRayTraceId?: string | undefined
  getRemainingTimeInMillis(): number
}

/** The context of one item: the Lambda context, with these of its own. */
export interface ItemContext extends LambdaContext {
  /** The item's id, which the client sees as `x-lpr-request-id`. */
  awsRequestId: string
  /** The request's own `x-amzn-trace-id` where it has one. */
  xRayTraceId?: string | undefined
  /** Time in ms until the invocation or the clients of the batch give up, whichever is first. */
  getRemainingTimeInMillis(): number
  /** Aborted a little before that time runs out, and when nobody can receive the answer any more. */
  signal: Signal
}

/** A handler of one request, as for API Gateway. Whatever it returns is made into a response. */
export type Handler<Event = HttpEvent, Context = ItemContext> = (
  event: Event,
  context: Context,
  // A handler that has a third parameter gets a callback, as in the runtimes up to Node.js 22.
  ...callback: never[]
) => unknown

/**
 * Where an item went wrong: `item` no id, or one that another item has; `handler` threw; `response` a return value
 * that is no response, or too large; `body` reading it failed; `deadline` not done when the invocation's time was up;
 * `write` the response stream failed.
 */
export type Phase = 'item' | 'handler' | 'response' | 'body' | 'deadline' | 'write'

export interface ErrorInfo<Event = HttpEvent> {
  /** The item's id; the invocation's own if no item is concerned. */
  requestId: string
  /** Absent if no item is concerned. */
  item?: Event
  phase: Phase
}

/** Told of every error after it was logged. Not waited for; what it throws is logged. */
export type OnError<Event = HttpEvent> = (error: unknown, info: ErrorInfo<Event>) => void

export interface AdapterOptions<Event = HttpEvent> {
  /** How many items are handled at once: a whole number from 1, or Infinity. Default: all items of the batch. */
  concurrency?: number | undefined
  onError?: OnError<Event> | undefined
}

export interface StreamAdapterOptions<Event = HttpEvent> extends AdapterOptions<Event> {
  /** Sends each response piece by piece, as it is made, instead of whole. Default false. */
  interleaved?: boolean | undefined
  /** Default: `awslambda.streamifyResponse` of the Lambda runtime. */
  streamifyResponse?: ((handler: StreamBatchHandler<Event>) => unknown) | undefined
}

/** Answers batches; any other event goes to the handler itself, and its value comes back unchanged. */
export interface BatchHandler<Event = HttpEvent> {
  (event: BatchEvent<Event>, context?: Partial<LambdaContext>): Promise<BufferedEnvelope>
  (event: Event, context?: Partial<LambdaContext>): Promise<unknown>
}

/** The part of a writable stream that the adapter uses. */
export interface ResponseStream {
  write(chunk: string | Uint8Array): boolean
  end(callback: () => void): unknown
  on(event: 'drain' | 'error' | 'close', listener: (error?: Error) => void): unknown
  /** Only on the stream of the Lambda runtime. */
  setContentType?(contentType: string): void
}

/** A streaming handler as the Lambda runtime calls it. The third argument is the Lambda context. */
export type StreamBatchHandler<Event = HttpEvent> = (
  event: BatchEvent<Event> | Event,
  responseStream: ResponseStream,
  ...rest: [context?: Partial<LambdaContext>]
) => Promise<void>
