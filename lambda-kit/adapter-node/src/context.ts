import type { Item } from './batch-event.ts'
import type { Cancellation } from './cancellation.ts'
import { type Bounds, invocationTimeLeft, MAX_TIMER_MS, TimeLimit } from './time-limit.ts'
import type { ItemContext } from './types.ts'

/** What the items of one invocation share of its time. To be disposed of when all are done. */
export class Invocation {
  readonly bounds: Bounds
  readonly #limits: TimeLimit[] = []

  constructor(bounds: Bounds) {
    this.bounds = bounds
  }

  /** Starts an item; without one, a direct event, whose context keeps the id of the invocation. */
  start(item?: Item<unknown>): ItemScope {
    return new ItemScope(item, this.bounds, this.#limit())
  }

  dispose(): void {
    for (const limit of this.#limits) limit.dispose()
  }

  /** One that has not begun to end: an item that starts late still gets most of what time is left. */
  #limit(): TimeLimit {
    const last = this.#limits.at(-1)
    if (last && !last.ending.cancelled && !last.clientsLeaving.cancelled) return last
    const limit = new TimeLimit(this.bounds)
    this.#limits.push(limit)
    return limit
  }
}

/** One item's context, and the adapter's own view of when to stop. To be disposed of when the item is done. */
export class ItemScope {
  readonly context: ItemContext
  readonly #bounds: Bounds
  readonly #limit: TimeLimit
  #clientDeadlineMs: number | undefined
  #controller: AbortController | undefined
  #abort: ((reason: unknown) => void) | undefined

  constructor(item: Item<unknown> | undefined, bounds: Bounds, limit: TimeLimit) {
    this.#bounds = bounds
    this.#limit = limit
    this.#clientDeadlineMs = bounds.deadlineMs
    this.context = createContext(item, this)
  }

  get bounds(): Bounds {
    return this.#bounds
  }

  /** Happens, later than the handler's own signal, when the adapter no longer waits for the item. */
  get cancelled(): Cancellation {
    return this.#limit.over
  }

  /** The handler's own; made when it is asked for, as most handlers never do. */
  get signal(): AbortSignal {
    this.#controller ??= this.#startController()
    return this.#controller.signal
  }

  get remainingMs(): number {
    const forClients = (this.#clientDeadlineMs ?? Number.POSITIVE_INFINITY) - Date.now()
    // Frameworks hand this to a timer, and one set to Infinity fires at once.
    return Math.max(0, Math.min(forClients, invocationTimeLeft(this.#bounds.lambdaContext), MAX_TIMER_MS))
  }

  /** The clients wait for the head only; from here on the invocation's time is the only bound. */
  headSent(): void {
    this.#clientDeadlineMs = undefined
    if (this.#abort) this.#limit.clientsLeaving.offCancel(this.#abort)
  }

  dispose(): void {
    this.headSent()
    if (this.#abort) this.#limit.ending.offCancel(this.#abort)
  }

  #startController(): AbortController {
    const controller = new AbortController()
    this.#abort = (reason) => controller.abort(reason)
    this.#limit.ending.onCancel(this.#abort)
    if (this.#clientDeadlineMs !== undefined) this.#limit.clientsLeaving.onCancel(this.#abort)
    return controller
  }
}

/**
 * Copies and inherits from the Lambda context, so that whatever a runtime or a wrapper adds to that is there as well,
 * and still is in a copy of this.
 */
function createContext(item: Item<unknown> | undefined, scope: ItemScope): ItemContext {
  const { lambdaContext } = scope.bounds
  const context = {
    __proto__: lambdaContext,
    ...lambdaContext,
    getRemainingTimeInMillis: () => scope.remainingMs,
    get signal() {
      return scope.signal
    },
  } as unknown as ItemContext
  if (item === undefined) return context
  context.awsRequestId = item.id
  const traceId = xRayTraceId(item.event)
  if (traceId !== undefined) context.xRayTraceId = traceId
  return context
}

/** The runtime's own is that of the invocation, which is not the request's. */
function xRayTraceId(event: unknown): string | undefined {
  const header = (event as { headers?: Record<string, unknown> | null } | null)?.headers?.['x-amzn-trace-id']
  return typeof header === 'string' ? header : undefined
}
