import type { FunctionArn } from '@lpr/contract'

export interface InvokeRequest {
  target: FunctionArn
  mode: 'buffered' | 'response_stream'
  /** The batch event, UTF-8 JSON. */
  payload: Uint8Array
  /** Sent as `X-Amz-Tenant-Id`. */
  tenantId: string | undefined
  /** Sent as `X-Amzn-Trace-Id`: what Lambda and the function record then joins the trace of the invocation. */
  traceHeader?: string | undefined
  /** Aborting it ends the call, and a stream that it returned, at once. */
  signal: AbortSignal
}

/** What a function gave back. A stream's chunks have no meaningful boundaries; they throw InvokeError if it breaks. */
export type InvokeResult =
  | { kind: 'buffered'; payload: Uint8Array }
  | { kind: 'stream'; chunks: AsyncIterable<Uint8Array> }

/** The seam to Lambda: one batch event in, the function's answer out. Rejects with InvokeError. */
export interface Invoker {
  invoke(request: InvokeRequest): Promise<InvokeResult>
  close(): void
}

/**
 * Why an invocation gave no answer. `throttle`: Lambda refused for now. `transport`: the call or the service broke, the
 * function may have run. `function_error`: it ran and failed. `rejected`: no permission, no such function, bad request.
 */
export type InvokeFailure = 'throttle' | 'transport' | 'function_error' | 'rejected'

export class InvokeError extends Error {
  override readonly name = 'InvokeError'
  readonly failure: InvokeFailure

  constructor(failure: InvokeFailure, detail: string, cause?: unknown) {
    super(detail, cause === undefined ? undefined : { cause })
    this.failure = failure
  }
}
