import type { FlushReason } from '@lpr/contract'
import type { Timer } from '../clock.ts'
import { EventBuffer, type EventJson } from './event-buffer.ts'
import type { Item } from './item.ts'
import { ItemList } from './item-list.ts'
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
  /** Size of the last payload, in bytes, so that the next batch has as much room from the start. */
  lastPayloadBytes: number
}

/** A larger buffer is better grown than left empty by the next batch. */
const MAX_EXPECTED_BYTES = 64 * 1024

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
  readonly items = new ItemList()
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
  readonly #events: EventBuffer

  constructor(id: string, route: BatchRoute, openedAtMs: number) {
    this.id = id
    this.route = route
    this.openedAtMs = openedAtMs
    this.bytes = route.envelopeBytes
    this.#events = new EventBuffer(route.envelopeBytes, Math.min(route.lastPayloadBytes, MAX_EXPECTED_BYTES))
  }

  /** Whether an item of this many bytes may still join. */
  hasRoomFor(bytes: number, maxPayloadBytes: number): boolean {
    return this.items.size < this.route.maxBatchSize && this.bytes + bytes + 1 <= maxPayloadBytes
  }

  add(item: Item, json: EventJson): void {
    this.#events.append(item, json)
    this.#added(item)
  }

  /** Takes an item over from another batch. */
  adopt(item: Item, from: Batch): void {
    this.#events.adopt(item, from.#events)
    from.remove(item)
    this.#added(item)
  }

  remove(item: Item): void {
    if (!this.items.delete(item)) return
    item.batch = undefined
    this.bytes -= item.bytes + 1
    this.arrivalSumMs -= item.arrivedAtMs
  }

  /** The events of the items that are left, as one document. */
  document(head: string, tail: string): Uint8Array {
    const document = this.#events.document(head, this.items, tail)
    this.route.lastPayloadBytes = document.length
    return document
  }

  #added(item: Item): void {
    this.items.add(item)
    this.bytes += item.bytes + 1
    this.arrivalSumMs += item.arrivedAtMs
    item.batch = this
  }
}
