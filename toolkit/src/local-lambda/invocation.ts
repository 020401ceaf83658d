import type { FunctionFailure, ServiceError } from './errors.ts'
import type { LogTail } from './log-lines.ts'

/** What a function gets to see of one invocation. */
export interface InvocationRequest {
  requestId: string
  functionArn: string
  payload: Buffer
  traceId: string
  /** JSON text, decoded from the header. */
  clientContext?: string
  tenantId?: string
}

/** Where a function's answer goes: `begin` once, `write` any number of times, and in any case `end` once. */
export interface InvocationOutput {
  /** Whether the caller asked for the answer as it comes. */
  readonly streams: boolean
  begin(contentType: string): void
  /** Resolves when the caller can take more. Never rejects: what a caller that left would have got is discarded. */
  write(bytes: Buffer): Promise<void>
  /** Nothing failed when `failure` is missing. `begin` may not have been called when it is given. */
  end(failure: FunctionFailure | ServiceError | undefined): void
}

/** One invocation on its way through the local Lambda. */
export interface Invocation {
  request: InvocationRequest
  output: InvocationOutput
  /** Collects what the function logs meanwhile. */
  log: LogTail
}
