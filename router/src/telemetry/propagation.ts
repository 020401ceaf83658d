import type { HeaderValues } from '../http/headers.ts'

/** How the core passes trace contexts on, knowing nothing of them. */
export interface Propagation {
  /**
   * The context of a request's span, as fields of JSON that the headers of its event are to have besides: text, because
   * every event gets it anew. Takes out of `headers` what it replaces.
   */
  toItem(requestId: string, headers: HeaderValues): string
  /** `X-Amzn-Trace-Id` of the call that invokes a batch; undefined when there is none to send. */
  toInvocation(batchId: string): string | undefined
}
