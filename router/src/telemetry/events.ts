import type { FlushReason } from '@lpr/contract'
import type { ErrorCode } from '../errors.ts'
import type { StrayRecords } from '../invoke/delivery.ts'
import type { InvokeFailure } from '../invoke/invoker.ts'

/** One kind of event. With nobody subscribed, publishing costs a length check. */
export class Channel<Event> {
  #subscribers: ((event: Event) => void)[] = []

  subscribe(subscriber: (event: Event) => void): void {
    this.#subscribers = [...this.#subscribers, subscriber]
  }

  publish(event: Event): void {
    for (const subscriber of this.#subscribers) subscriber(event)
  }
}

/** A request has its outcome and its last byte has been handed over, or its client has gone. */
export interface RequestEnded {
  requestId: string
  method: string
  /** Undefined when no route matched. */
  routeKey: string | undefined
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

/** An invocation is over, in whatever way. */
export interface InvocationEnded {
  batchId: string
  routeKey: string
  functionName: string
  invokeMode: 'buffered' | 'response_stream'
  batchSize: number
  flushReason: FlushReason
  payloadBytes: number
  attempt: number
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

/** Everything that the router says about itself. Logs, metrics and traces subscribe; the core knows none of them. */
export class Telemetry {
  readonly requestEnded = new Channel<RequestEnded>()
  readonly invocationEnded = new Channel<InvocationEnded>()
  readonly retried = new Channel<Retried>()
}
