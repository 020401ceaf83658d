import type { HeaderValues } from '../http/headers.ts'

/** How the core passes trace contexts on, knowing nothing of them. */
export interface Propagation {
  /** Puts the context of a request's span into the headers of its event. */
  toItem(requestId: string, headers: HeaderValues): void
  /** `X-Amzn-Trace-Id` of the call that invokes a batch; undefined when there is none to send. */
  toInvocation(batchId: string): string | undefined
}
