import { DeadlineError } from './failure.ts'
import type { ItemContext, LambdaContext } from './types.ts'

/** How long before a deadline the item's signal is aborted; half of it before the invocation's end the item is given up. */
const MAX_MARGIN_MS = 200

/** Timers cannot be set further ahead; no invocation lasts that long either. */
const MAX_TIMER_MS = 2 ** 31 - 1

/** What bounds an item's time, apart from itself. */
export interface Bounds {
  lambdaContext: Partial<LambdaContext>
  /** Unix time in ms by which the clients give up waiting for a response head, if the router said. */
  deadlineMs?: number | undefined
  /** Aborted when the stream to the router is gone. */
  gone?: AbortSignal | undefined
}

/** One item's context, and the adapter's own view of when to stop. To be disposed of when the item is done. */
export class ItemScope {
  readonly context: ItemContext
  readonly #soft = new AbortController()
  readonly #hard = new AbortController()
  readonly #timers: (NodeJS.Timeout | undefined)[] = []
  readonly #bounds: Bounds
  #clientTimer: NodeJS.Timeout | undefined
  #clientDeadlineMs: number | undefined

  /** Without an id the context keeps that of the invocation. */
  constructor(id: string | undefined, bounds: Bounds) {
    this.#bounds = bounds
    this.#clientDeadlineMs = bounds.deadlineMs
    this.context = this.#createContext(id)
    this.#watchInvocation()
    this.#watchClients()
    bounds.gone?.addEventListener('abort', this.#onGone, { once: true })
    if (bounds.gone?.aborted) this.#onGone()
  }

  /** Aborted, later than the handler's own signal, when the adapter no longer waits for the item. */
  get cancelled(): AbortSignal {
    return this.#hard.signal
  }

  /** The clients wait for the head only; from here on the invocation's time is the only bound. */
  headSent(): void {
    clearTimeout(this.#clientTimer)
    this.#clientDeadlineMs = undefined
  }

  dispose(): void {
    this.headSent()
    for (const timer of this.#timers) clearTimeout(timer)
    this.#bounds.gone?.removeEventListener('abort', this.#onGone)
  }

  /** Inherits from the Lambda context, so that whatever a runtime or a wrapper adds to that is there as well. */
  #createContext(id: string | undefined): ItemContext {
    const own = {
      getRemainingTimeInMillis: () => this.#remainingMs(),
      signal: this.#soft.signal,
      ...(id !== undefined && { awsRequestId: id }),
    }
    return Object.assign(Object.create(this.#bounds.lambdaContext), own)
  }

  #remainingMs(): number {
    const forClients = (this.#clientDeadlineMs ?? Number.POSITIVE_INFINITY) - Date.now()
    // Frameworks hand this to a timer, and one set to Infinity fires at once.
    return Math.max(0, Math.min(forClients, invocationTimeLeft(this.#bounds.lambdaContext), MAX_TIMER_MS))
  }

  #watchInvocation(): void {
    const left = invocationTimeLeft(this.#bounds.lambdaContext)
    // A made-up context in a test of the handler may say 0; a real one never starts that way.
    if (left <= 0) return
    const expired = () => new DeadlineError('the time of the invocation is almost up')
    this.#timers.push(
      after(left - margin(left), () => this.#soft.abort(expired())),
      after(left - margin(left) / 2, () => this.#hard.abort(expired())),
    )
  }

  #watchClients(): void {
    if (this.#clientDeadlineMs === undefined) return
    const left = this.#clientDeadlineMs - Date.now()
    const expired = () => new DeadlineError('the clients of this batch are about to give up')
    this.#clientTimer = after(left - margin(left), () => this.#soft.abort(expired()))
  }

  readonly #onGone = () => {
    const reason = this.#bounds.gone?.reason
    this.#soft.abort(reason)
    this.#hard.abort(reason)
  }
}

/** A tenth of a short time, so that most of it is left for the work. */
function margin(leftMs: number): number {
  return Math.min(MAX_MARGIN_MS, leftMs / 10)
}

function invocationTimeLeft(context: Partial<LambdaContext>): number {
  return context.getRemainingTimeInMillis?.() ?? Number.POSITIVE_INFINITY
}

/**
 * Keeps the process alive, for a handler may wait for nothing but its signal; whoever is done cancels it. Never fires
 * if that lies further ahead than timers reach.
 */
function after(delayMs: number, action: () => void): NodeJS.Timeout | undefined {
  if (delayMs > MAX_TIMER_MS) return undefined
  return setTimeout(action, Math.max(0, delayMs))
}
