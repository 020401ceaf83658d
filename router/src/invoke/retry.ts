import type { Retry } from '@lpr/contract'
import type { Clock } from '../clock.ts'
import type { InvokeFailure } from './invoker.ts'

const BUCKET_MS = 1000
const BUCKETS = 10
/** Backoff before the second attempt is drawn from 0 to this; it doubles with each further one. */
const BASE_BACKOFF_MS = 50

/** Caps retries at a share of the invocations of the last seconds, so that retries never make an outage worse. */
export class RetryBudget {
  readonly #clock: Clock
  readonly #share: number
  #buckets: { slot: number; invocations: number; retries: number }[] = []

  constructor(clock: Clock, percent: number) {
    this.#clock = clock
    this.#share = percent / 100
  }

  countInvocation(): void {
    this.#bucket().invocations += 1
  }

  /** Whether one more retry is within the budget; if so it is counted. */
  take(): boolean {
    const bucket = this.#bucket()
    const invocations = this.#buckets.reduce((sum, entry) => sum + entry.invocations, 0)
    const retries = this.#buckets.reduce((sum, entry) => sum + entry.retries, 0)
    if (retries + 1 > Math.ceil(invocations * this.#share)) return false
    bucket.retries += 1
    return true
  }

  #bucket(): { invocations: number; retries: number } {
    const slot = Math.floor(this.#clock.now() / BUCKET_MS)
    const newest = this.#buckets.at(-1)
    if (newest?.slot === slot) return newest
    const bucket = { slot, invocations: 0, retries: 0 }
    this.#buckets = [...this.#buckets.filter((entry) => entry.slot > slot - BUCKETS), bucket]
    return bucket
  }
}

/** Whether a route's settings allow another attempt after this failure. `attempt` counts from 1. */
export function mayRetry(retry: Retry | undefined, failure: InvokeFailure, attempt: number): boolean {
  if (retry === undefined || attempt >= retry.maxAttempts || failure === 'rejected') return false
  return retry.on.includes(failure)
}

/** Full jitter: anything from 0 to an exponentially growing cap. `random` is in [0, 1). */
export function backoffMs(attempt: number, random: () => number): number {
  return random() * BASE_BACKOFF_MS * 2 ** (attempt - 1)
}
