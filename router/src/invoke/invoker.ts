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
  /** Takes the bytes of a streamed answer as they come. Where they are cut means nothing. Must not throw. */
  onChunk?(chunk: Buffer): void
}

/** An invocation under way. */
export interface InvokeCall {
  /** The whole payload of a buffered answer; undefined at the end of a streamed one. Rejects with InvokeError. */
  readonly answer: Promise<Buffer | undefined>
  /** Ends the call at once. Its answer rejects, if it was not there before, and no more chunks come. */
  cancel(reason: Error): void
}

/** The seam to Lambda: one batch event in, the function's answer out. */
export interface Invoker {
  invoke(request: InvokeRequest): InvokeCall
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
