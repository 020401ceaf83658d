import type { ItemContext, LambdaContext } from './types.ts'

/** How long before the deadline an item's signal is aborted, so that the handler can still answer. */
const GRACE_MS = 50
/** Node fires timers with a longer delay at once. */
const MAX_TIMER_MS = 2 ** 31 - 1

/** An item's context, and how to let go of its timer. */
export interface ItemScope<Context extends LambdaContext> {
  context: ItemContext<Context>
  /** Aborts the item's signal. */
  abort(reason: Error): void
  /** To be called when the item is done. */
  release(): void
}

/**
 * A context for one item: everything of Lambda's, by inheritance, but the request id, the remaining time and a signal
 * of its own.
 */
export function itemScope<Context extends LambdaContext>(
  lambda: Context,
  requestId: string,
  deadlineMs: number | undefined,
): ItemScope<Context> {
  const controller = new AbortController()
  const remaining = (): number => {
    const ofFunction = lambda?.getRemainingTimeInMillis?.() ?? Number.POSITIVE_INFINITY
    const ofClient = deadlineMs === undefined ? Number.POSITIVE_INFINITY : deadlineMs - Date.now()
    return Math.max(0, Math.min(ofFunction, ofClient))
  }
  const context = Object.create(lambda ?? null, {
    awsRequestId: { value: requestId, enumerable: true },
    getRemainingTimeInMillis: { value: remaining, enumerable: true },
    signal: { value: controller.signal, enumerable: true },
  }) as ItemContext<Context>
  const delayMs = remaining() - GRACE_MS
  const expire = (): void => controller.abort(new Error(`request ${requestId} is out of time`))
  const timer = delayMs < MAX_TIMER_MS ? setTimeout(expire, Math.max(0, delayMs)) : undefined
  timer?.unref()
  return { context, abort: (reason) => controller.abort(reason), release: () => clearTimeout(timer) }
}
