/** The wire format between router and function, as the adapter needs it. A test keeps it in step with the router's. */

/** The one version of the wire format this adapter speaks. */
export const WIRE_VERSION = 1

/** Facts about a batch. Fields not named here may appear and are ignored. */
export interface BatchMeta {
  router: string
  /** Path template of the route, for example `/orders/{id}`. */
  route: string
  /** Unix time in ms at which the batch left the router. */
  receivedAtMs: number
  batchId?: string
  flushReason?: string
  /** Unix time in ms by which the last client of the batch gives up waiting for a response head. */
  deadlineMs?: number
}

/** The event of one invocation: several ordinary events, in order of arrival. */
export interface BatchEvent<Event> {
  v: typeof WIRE_VERSION
  meta: BatchMeta
  batch: Event[]
}

/** Status and headers of one response. A name in `multiValueHeaders` wins over the same name in `headers`. */
export interface ResponseHead {
  statusCode: number
  headers: Record<string, string>
  multiValueHeaders?: Record<string, string[]>
  cookies?: string[]
}

export interface EncodedBody {
  body: string
  /** Whether `body` is base64 of bytes; otherwise it is text. */
  isBase64Encoded: boolean
}

/** One item's whole answer. */
export interface BufferedResponse extends ResponseHead, EncodedBody {
  id: string
}

/** The answer to a batch that is not streamed; responses in the order of the items. */
export interface BufferedEnvelope {
  v: typeof WIRE_VERSION
  responses: BufferedResponse[]
}

/** A whole response on one line of a stream. */
export type OneRecord = { v: typeof WIRE_VERSION } & BufferedResponse

/** One response over several lines: `head`, any number of `chunk`s, then `end` or `error`. */
export type InterleavedRecord =
  | ({ v: typeof WIRE_VERSION; id: string; type: 'head' } & ResponseHead)
  | ({ v: typeof WIRE_VERSION; id: string; type: 'chunk' } & EncodedBody)
  | { v: typeof WIRE_VERSION; id: string; type: 'end' }
  | { v: typeof WIRE_VERSION; id: string; type: 'error'; statusCode: number; message: string }

/** One line of a streamed answer. */
export type StreamRecord = OneRecord | InterleavedRecord
