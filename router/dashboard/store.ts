import type { BatchView, Hello, Messages, Second } from '../src/admin/dashboard/messages.ts'

/** Seconds that are kept: the longest span that the page shows. */
const KEPT_SECONDS = 300
/** Rows of the timeline. */
const KEPT_BATCHES = 14

/** What the page knows, in the order in which it was told. */
export class Store {
  hello: Hello | undefined
  seconds: Second[] = []
  batches: BatchView[] = []
  nowMs = 0

  /** A router that was started anew begins from nothing. */
  greeted(hello: Hello): void {
    this.hello = hello
    this.seconds = hello.history.slice(-KEPT_SECONDS)
    this.batches = []
  }

  second(second: Second): void {
    this.seconds = [...this.seconds.slice(1 - KEPT_SECONDS), second]
  }

  /** The newest first, those of one route that is looked at only. */
  changed({ nowMs, batches }: Messages['batches']): void {
    this.nowMs = nowMs
    const changed = new Map(batches.map((batch) => [batch.batchId, batch]))
    const kept = this.batches.map((batch) => changed.get(batch.batchId) ?? batch)
    const known = new Set(kept.map(({ batchId }) => batchId))
    const fresh = batches.filter(({ batchId }) => !known.has(batchId))
    this.batches = [...fresh.reverse(), ...kept].slice(0, 4 * KEPT_BATCHES)
  }

  rows(routeKey: string | undefined): BatchView[] {
    const wanted = this.batches.filter((batch) => routeKey === undefined || batch.routeKey === routeKey)
    return wanted.slice(0, KEPT_BATCHES)
  }
}
