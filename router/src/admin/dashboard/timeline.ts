import type { Clock } from '../../clock.ts'
import type { Telemetry } from '../../telemetry/events.ts'
import type { BatchView, ItemView } from './messages.ts'

/** More would be drawn on top of each other. */
const MAX_ITEMS = 64
/** Batches that are followed at once, and that begin to be followed between two looks: a sample, when there are more. */
const MAX_FOLLOWED = 32
const MAX_NEW = 6
/** A batch of which nothing is heard for this long is let go. */
const FORGOTTEN_AFTER_MS = 120_000

interface Followed {
  view: BatchView
  items: Map<string, ItemView>
  changed: boolean
}

/** Follows batches from their first request to the last record, for as long as somebody looks. */
export class Timeline {
  readonly #clock: Clock
  readonly #followed = new Map<string, Followed>()
  #fresh = 0
  #ends: (() => void)[] = []

  constructor(clock: Clock) {
    this.#clock = clock
  }

  start(telemetry: Telemetry): void {
    if (this.#ends.length > 0) return
    this.#ends = [
      telemetry.batchOpened.subscribe(({ batchId, routeKey }) => this.#open(batchId, routeKey)),
      telemetry.itemJoined.subscribe(({ batchId, requestId }) => this.#join(batchId, requestId)),
      telemetry.batchFlushed.subscribe(({ batchId, flushReason }) =>
        this.#change(batchId, { flushedAtMs: this.#now(), flushReason }),
      ),
      telemetry.batchDropped.subscribe(({ batchId }) =>
        this.#change(batchId, { endedAtMs: this.#now(), outcome: 'dropped' }),
      ),
      telemetry.invocationStarted.subscribe(({ batchId, attempt }) => {
        if (attempt === 1) this.#change(batchId, { invokedAtMs: this.#now() })
      }),
      telemetry.responseStarted.subscribe(({ batchId, requestId, status }) =>
        this.#answer(batchId, requestId, status),
      ),
      telemetry.invocationEnded.subscribe(({ batchId, outcome }) =>
        this.#change(batchId, { endedAtMs: this.#now(), outcome }),
      ),
    ]
  }

  stop(): void {
    for (const end of this.#ends) end()
    this.#ends = []
    this.#followed.clear()
  }

  /** The batches that have changed since the last call. Those that have ended are told of once more, and let go. */
  changes(): { nowMs: number; batches: BatchView[] } {
    const nowMs = this.#now()
    this.#fresh = 0
    const batches: BatchView[] = []
    for (const [batchId, followed] of this.#followed) {
      const { view } = followed
      if (followed.changed) batches.push(view)
      followed.changed = false
      if (view.endedAtMs !== undefined || nowMs - view.openedAtMs > FORGOTTEN_AFTER_MS)
        this.#followed.delete(batchId)
    }
    return { nowMs, batches }
  }

  #open(batchId: string, routeKey: string): void {
    if (this.#followed.size >= MAX_FOLLOWED || this.#fresh >= MAX_NEW) return
    this.#fresh += 1
    const view = { batchId, routeKey, openedAtMs: this.#now(), items: [], more: 0 }
    this.#followed.set(batchId, { view, items: new Map(), changed: true })
  }

  #join(batchId: string, requestId: string): void {
    const followed = this.#followed.get(batchId)
    if (followed === undefined) return
    followed.changed = true
    if (followed.items.size >= MAX_ITEMS) {
      followed.view.more += 1
      return
    }
    const item = { joinedAtMs: this.#now() }
    followed.items.set(requestId, item)
    followed.view.items.push(item)
  }

  #answer(batchId: string | undefined, requestId: string, status: number): void {
    const followed = batchId === undefined ? undefined : this.#followed.get(batchId)
    const item = followed?.items.get(requestId)
    if (followed === undefined || item === undefined) return
    followed.changed = true
    Object.assign(item, { answeredAtMs: this.#now(), status })
  }

  #change(batchId: string, change: Partial<BatchView>): void {
    const followed = this.#followed.get(batchId)
    if (followed === undefined) return
    followed.changed = true
    Object.assign(followed.view, change)
  }

  /** In steps of 0.1 ms: more digits would only travel. */
  #now(): number {
    return Math.round(this.#clock.now() * 10) / 10
  }
}
