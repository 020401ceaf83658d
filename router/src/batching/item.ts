import type { FlushReason } from '@lpr/contract'
import type { RouterError } from '../errors.ts'
import type { Batch } from './batch.ts'
import type { PlacedEvent } from './event-buffer.ts'

/** Status and headers as they go out: checked, filtered, repeated names allowed. */
export interface ResponseHead {
  statusCode: number
  /** Names and values in turn. */
  headers: string[]
}

/** How a request fared in its batch. */
export interface BatchFacts {
  batchId: string
  size: number
  /** From the request's arrival to the start of the invocation. */
  waitMs: number
  flushReason: FlushReason
}

/**
 * One request's way back to its client. Exactly one outcome: a whole response, or a head with chunks and an end, or a
 * failure. Calls after the outcome are ignored, so that late records do no harm.
 */
export interface Reply {
  /** Called once, when the batch of this request is handed to an invocation. */
  dispatched(facts: BatchFacts): void
  /** A body that is a string holds ASCII only; so does a chunk. */
  respond(head: ResponseHead, body: Uint8Array | string): void
  head(head: ResponseHead): void
  chunk(data: Uint8Array | string): void
  end(): void
  /** Before the head: a problem document. After it: the connection is reset, so that truncation never looks whole. */
  fail(error: RouterError): void
  /** Whether the head has been sent. */
  readonly started: boolean
}

/** One request as batching sees it. Its event is in the buffer of its batch. */
export interface Item extends PlacedEvent {
  /** The request's id, unique in the process. */
  readonly id: string
  /** On the router's clock. */
  readonly arrivedAtMs: number
  /** Unix time in ms at which the client is given up. */
  readonly deadlineEpochMs: number
  readonly tenantId: string | undefined
  readonly reply: Reply
  /** Where it stands in its batch; kept by the batch. */
  place: number
  /** The batch that holds the item; undefined before it joins one and after it left. */
  batch: Batch | undefined
}
