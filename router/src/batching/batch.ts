import type { FlushReason } from '@lpr/contract'
import type { Timer } from '../clock.ts'
import type { Item } from './item.ts'
import type { Lane } from './lanes.ts'
import type { WindowPolicy } from './window.ts'

/** What batching has to know of a route. */
export interface BatchRoute {
  /** `METHOD /template`. */
  readonly routeKey: string
  readonly maxBatchSize: number
  readonly maxQueueDepth: number
  /** Concurrent invocations of this route; Infinity when only the process limit holds. */
  readonly maxInflightInvocations: number
  /** Bytes of a payload with no item in it. */
  readonly envelopeBytes: number
}

/**
 * `open`: takes requests, its window runs. `pending`: flushed, waits for a free invocation, still takes requests while
 * it has room. `running`: being invoked. `ended`: every request has its outcome, or none was left to invoke.
 */
export type BatchState = 'open' | 'pending' | 'running' | 'ended'

/** The invocation of a batch. */
export interface Running {
  /** To be called when the last client has gone. */
  abandon(): void
}

/** Requests of one batch key that go into one invocation. */
export class Batch {
  readonly id: string
  readonly route: BatchRoute
  readonly openedAtMs: number
  /** In order of arrival. While running: those that still wait for their outcome. */
  readonly items = new Set<Item>()
  /** Payload size, envelope and commas included. */
  bytes: number
  /** Sum of the arrival times, for window policies. */
  arrivalSumMs = 0
  state: BatchState = 'open'
  flushReason: FlushReason = 'window'
  /** Id of the failed batch that this is a half of. */
  bisectedFrom: string | undefined
  window: { deadlineMs: number; timer: Timer } | undefined
  /** Where new requests of its key find it; undefined for a batch that takes none. */
  lane: Lane | undefined
  /** Told when the batch ends, which is long after it left its lane. */
  policy: WindowPolicy | undefined
  /** While it runs. */
  running: Running | undefined

  constructor(id: string, route: BatchRoute, openedAtMs: number) {
    this.id = id
    this.route = route
    this.openedAtMs = openedAtMs
    this.bytes = route.envelopeBytes
  }

  /** Whether an item of this many bytes may still join. */
  hasRoomFor(bytes: number, maxPayloadBytes: number): boolean {
    return this.items.size < this.route.maxBatchSize && this.bytes + bytes + 1 <= maxPayloadBytes
  }

  add(item: Item): void {
    this.items.add(item)
    this.bytes += item.bytes + 1
    this.arrivalSumMs += item.arrivedAtMs
    item.batch = this
  }

  remove(item: Item): void {
    if (!this.items.delete(item)) return
    item.batch = undefined
    this.bytes -= item.bytes + 1
    this.arrivalSumMs -= item.arrivedAtMs
  }
}
