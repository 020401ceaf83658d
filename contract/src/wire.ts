/**
 * The wire format between router and function, version 1: the batch event that an invocation carries, and what
 * comes back, buffered (one JSON document) or streamed (NDJSON, one record a line).
 */

/** The only version of the wire format so far; every envelope and every record carries it as `v`. */
export const WIRE_VERSION = 1

/** Value of `meta.router` in every batch event. */
export const ROUTER_NAME = 'lambda-parallel-router'

/** Why a batch was closed. */
export type FlushReason = 'size' | 'window' | 'payload' | 'drain' | 'immediate'

/** `meta` of a batch event. May gain fields; adapters must ignore those they do not know. */
export interface BatchMeta {
  router: typeof ROUTER_NAME
  /** Path template of the route, for example `/orders/{id}`. */
  route: string
  /** Unix time in ms at which the batch was flushed. */
  receivedAtMs: number
  batchId?: string
  flushReason?: FlushReason
  /** Unix time in ms by which the last client of the batch gives up. */
  deadlineMs?: number
}

/** The event of one invocation. Items are ordinary API Gateway events, in order of arrival. */
export interface BatchEvent<Item = unknown> {
  v: typeof WIRE_VERSION
  meta: BatchMeta
  batch: Item[]
}

/** What a function may say about one response. Unknown fields are ignored. */
export interface ResponseFields {
  statusCode?: number
  headers?: Record<string, string>
  multiValueHeaders?: Record<string, string[]>
  cookies?: string[]
  body?: string | null
  isBase64Encoded?: boolean
}

/** One item's answer in a buffered envelope. */
export interface BufferedResponse extends ResponseFields {
  id: string
}

/** The buffered answer to a batch event. */
export interface BufferedEnvelope {
  v: typeof WIRE_VERSION
  responses: BufferedResponse[]
}

/** A whole response in one NDJSON line (the reference calls this form legacy). */
export interface OneRecord extends ResponseFields {
  v: typeof WIRE_VERSION
  id: string
}

/** Interleaved NDJSON records: one response is a `head`, any number of `chunk`s, then `end` or `error`. */
export type InterleavedRecord =
  | ({ v: typeof WIRE_VERSION; id: string; type: 'head' } & Pick<
      ResponseFields,
      'statusCode' | 'headers' | 'multiValueHeaders' | 'cookies'
    >)
  | { v: typeof WIRE_VERSION; id: string; type: 'chunk'; body?: string | null; isBase64Encoded?: boolean }
  | { v: typeof WIRE_VERSION; id: string; type: 'end' }
  | { v: typeof WIRE_VERSION; id: string; type: 'error'; statusCode?: number; message?: string }
