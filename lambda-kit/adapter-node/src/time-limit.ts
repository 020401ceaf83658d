import { Cancellation } from './cancellation.ts'
import { DeadlineError } from './failure.ts'
import type { LambdaContext } from './types.ts'

/** How long before a deadline items are told to stop; half of it before the invocation's end they are given up. */
const MAX_MARGIN_MS = 200

/** Timers cannot be set further ahead; no invocation lasts that long either. */
export const MAX_TIMER_MS = 2 ** 31 - 1

/** What bounds an item's time, apart from itself. */
export interface Bounds {
  lambdaContext: Partial<LambdaContext>
  /** Unix time in ms by which the clients give up waiting for a response head, if the router said. */
  deadlineMs?: number | undefined
  /** Happens when the stream to the router is gone. */
  gone?: Cancellation | undefined
}

/** The time of items that started together: when to tell them to stop, and when to wait for them no longer. */
export class TimeLimit {
  /** The invocation is about to end, or nobody can be answered any more. */
  readonly ending = new Cancellation()
  /** The clients are about to give up. */
  readonly clientsLeaving = new Cancellation()
  /** Later than `ending`: whoever is not done is given up. */
  readonly over = new Cancellation()
  readonly #timers: (NodeJS.Timeout | undefined)[] = []
  readonly #gone: Cancellation | undefined

  constructor({ lambdaContext, deadlineMs, gone }: Bounds) {
    this.#gone = gone
    this.#watchInvocation(invocationTimeLeft(lambdaContext))
    if (deadlineMs !== undefined) this.#watchClients(deadlineMs - Date.now())
    gone?.onCancel(this.#onGone)
  }

  dispose(): void {
    for (const timer of this.#timers) clearTimeout(timer)
    this.#gone?.offCancel(this.#onGone)
  }

  #watchInvocation(left: number): void {
    // A made-up context in a test of the handler may say 0; a real one never starts that way.
    if (left <= 0) return
    const expired = () => new DeadlineError('the time of the invocation is almost up')
    this.#timers.push(
      after(left - margin(left), () => this.ending.cancel(expired())),
      after(left - margin(left) / 2, () => this.over.cancel(expired())),
    )
  }

  #watchClients(left: number): void {
    const expired = () => new DeadlineError('the clients of this batch are about to give up')
    this.#timers.push(after(left - margin(left), () => this.clientsLeaving.cancel(expired())))
  }

  readonly #onGone = (reason: unknown) => {
    this.ending.cancel(reason)
    this.over.cancel(reason)
  }
}

export function invocationTimeLeft(context: Partial<LambdaContext>): number {
  return context.getRemainingTimeInMillis?.() ?? Number.POSITIVE_INFINITY
}

/** A tenth of a short time, so that most of it is left for the work. */
function margin(leftMs: number): number {
  return Math.min(MAX_MARGIN_MS, leftMs / 10)
}

/**
 * Keeps the process alive, for a handler may wait for nothing but its signal; whoever is done cancels it. Never fires
 * if that lies further ahead than timers reach.
 */
function after(delayMs: number, action: () => void): NodeJS.Timeout | undefined {
  if (delayMs > MAX_TIMER_MS) return undefined
  return setTimeout(action, Math.max(0, delayMs))
}
