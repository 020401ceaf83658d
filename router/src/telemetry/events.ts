import type { IncomingMessage } from 'node:http'
import type { FlushReason } from '@lpr/contract'
import type { ErrorCode } from '../errors.ts'
import type { StrayRecords } from '../invoke/delivery.ts'
import type { InvokeFailure } from '../invoke/invoker.ts'
import { Channel } from './channel.ts'

/** The head of a request has arrived. Its id names it in every later event. */
export interface RequestStarted {
  requestId: string
  /** As it came; to be read only. */
  request: IncomingMessage
}

/** What arrived could not be read as HTTP and was refused. No other event tells of it. */
export interface RequestRejected {
  requestId: string
  status: number
  code: ErrorCode
  error: Error
}

/** The first request of a batch key opens a batch. `itemJoined` of that request follows. */
export interface BatchOpened {
  batchId: string
  routeKey: string
}

/** A request has its place in a batch, which may be open or already flushed and waiting for an invocation. */
export interface ItemJoined {
  batchId: string
  routeKey: string
  requestId: string
  /** Size of its event as JSON. */
  bytes: number
}

/** The window of a batch is over: it waits for a free invocation. While it has room more requests may join. */
export interface BatchFlushed {
  batchId: string
  routeKey: string
  flushReason: FlushReason
  batchSize: number
  requestIds: string[]
}

/** A batch ends without an invocation: its last request left, or too many batches were waiting. */
export interface BatchDropped {
  batchId: string
  routeKey: string
}

/** What is known of an invocation from its start. */
export interface InvocationFacts {
  batchId: string
  /** The batch that this one is a half of, when a failed batch is sent again in halves. */
  bisectedFrom: string | undefined
  routeKey: string
  functionName: string
  invokeMode: 'buffered' | 'response_stream'
  batchSize: number
  flushReason: FlushReason
  payloadBytes: number
  /** From 1; more than that is a retry of the same batch. */
  attempt: number
}

/** A batch is about to be sent to its function. */
export interface InvocationStarted extends InvocationFacts {
  /** The requests in it, with the time from each one's arrival to this moment. */
  items: { requestId: string; waitMs: number }[]
}

/** An invocation is over, in whatever way. */
export interface InvocationEnded extends InvocationFacts {
  durationMs: number
  /** `abandoned`: every client had gone. */
  outcome: 'ok' | 'abandoned' | InvokeFailure
  error: Error | undefined
  stray: StrayRecords
}

/** A failed invocation is about to be tried again. */
export interface Retried {
  batchId: string
  routeKey: string
  failure: InvokeFailure
  attempt: number
  delayMs: number
}

/** The head of a response has been handed over: the function's record came, or an error is told. */
export interface ResponseStarted {
  requestId: string
  status: number
  /** Undefined when no invocation was made for the request. */
  batchId: string | undefined
}

/** A request has its outcome and its last byte has been handed over, or its client has gone. */
export interface RequestEnded {
  requestId: string
  method: string
  /** Undefined when no route matched. */
  routeKey: string | undefined
  /** Whether it asked for the router's own health. */
  probe: boolean
  /** As sent; 499 when the client left before the head. */
  status: number
  code: ErrorCode | undefined
  durationMs: number
  /** `sent`: to the last byte. `reset`: cut off after the head. `client_gone`: the client went first. */
  outcome: 'sent' | 'reset' | 'client_gone'
  batchId: string | undefined
  batchSize: number | undefined
  batchWaitMs: number | undefined
  flushReason: FlushReason | undefined
  /** What the client must not see. */
  error: Error | undefined
}

/**
 * Everything that the router says about itself, in the order of a request's way. Logs, metrics, traces and the dashboard
 * subscribe; the core knows none of them. `docs/observability.md` has it as a table; a test keeps both in step.
 */
export class Telemetry {
  readonly requestStarted = new Channel<RequestStarted>()
  readonly requestRejected = new Channel<RequestRejected>()
  readonly batchOpened = new Channel<BatchOpened>()
  readonly itemJoined = new Channel<ItemJoined>()
  readonly batchFlushed = new Channel<BatchFlushed>()
  readonly batchDropped = new Channel<BatchDropped>()
  readonly invocationStarted = new Channel<InvocationStarted>()
  readonly responseStarted = new Channel<ResponseStarted>()
  readonly invocationEnded = new Channel<InvocationEnded>()
  readonly retried = new Channel<Retried>()
  readonly requestEnded = new Channel<RequestEnded>()
}
