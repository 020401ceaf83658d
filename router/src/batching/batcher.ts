import type { FlushReason } from '@lpr/contract'
import type { Clock } from '../clock.ts'
import { RouterError } from '../errors.ts'
import type { Telemetry } from '../telemetry/events.ts'
import { Batch, type BatchRoute } from './batch.ts'
import type { EventJson } from './event-buffer.ts'
import type { Item } from './item.ts'
import { type Lane, type LaneLimits, Lanes } from './lanes.ts'
import type { Scheduler } from './scheduler.ts'
import type { WindowPolicy } from './window.ts'

export interface BatcherOptions {
  clock: Clock
  telemetry: Telemetry
  scheduler: Scheduler
  limits: LaneLimits & { maxInvokePayloadBytes: number }
  /** A fresh window policy for a new batch key of the route. */
  newWindow(route: BatchRoute): WindowPolicy
  newBatchId(): string
}

/** By how much a window may end too early: half of what a timer can tell apart. */
const EARLY_MS = 0.5

/** Collects requests into batches by batch key, and flushes each once: full, due, too large to grow, or draining. */
export class Batcher {
  readonly #clock: Clock
  readonly #telemetry: Telemetry
  readonly #scheduler: Scheduler
  readonly #maxPayloadBytes: number
  readonly #newBatchId: () => string
  readonly #lanes: Lanes
  #draining = false

  constructor({ clock, telemetry, scheduler, limits, newWindow, newBatchId }: BatcherOptions) {
    this.#clock = clock
    this.#telemetry = telemetry
    this.#scheduler = scheduler
    this.#maxPayloadBytes = limits.maxInvokePayloadBytes
    this.#newBatchId = newBatchId
    this.#lanes = new Lanes(clock, limits, newWindow)
    scheduler.onStart = (batch) => this.#leaveLane(batch)
    scheduler.onEnd = (batch) => batch.policy?.completed?.(clock.now(), batch.openedAtMs)
  }

  /** Batch keys in use. */
  get keys(): number {
    return this.#lanes.size
  }

  /** Batch keys of one route in use, and the requests that wait in them. */
  figuresOf(route: BatchRoute): { batchKeys: number; queueDepth: number } {
    return this.#lanes.figuresOf(route)
  }

  /** Batches that still take requests, in no order. */
  get joinable(): Iterable<Batch> {
    return this.#lanes.joinableBatches()
  }

  /** Takes a request and its event, or says why not: `body_too_large`, `queue_full` or `router_overloaded`. */
  submit(route: BatchRoute, key: string, item: Item, json: EventJson): RouterError | undefined {
    if (route.envelopeBytes + item.bytes + 1 > this.#maxPayloadBytes) {
      return new RouterError('body_too_large', `event of ${item.bytes} bytes exceeds MaxInvokePayloadBytes`)
    }
    const lane = this.#lanes.obtain(route, key, item.arrivedAtMs)
    if (lane !== undefined && lane.waiting >= route.maxQueueDepth) {
      return new RouterError('queue_full', `${lane.waiting} requests of this key wait already`)
    }
    // Counted before a batch is found: flushing a full one must not give up the lane that this request waits in.
    if (lane !== undefined) lane.waiting += 1
    const batch = this.#batchFor(route, lane, item)
    if (batch === undefined) {
      if (lane !== undefined) this.#leave(lane)
      return overloaded()
    }
    batch.add(item, json)
    const { routeKey } = route
    this.#telemetry.itemJoined.publish?.({
      batchId: batch.id,
      routeKey,
      requestId: item.id,
      bytes: item.bytes,
    })
    this.#joined(batch, lane, item.arrivedAtMs)
    return undefined
  }

  /** Removes a request whose client no longer waits; its invocation is aborted, or never made, if nobody else waits. */
  withdraw(item: Item): void {
    const { batch } = item
    if (batch === undefined) return
    batch.remove(item)
    if (batch.state === 'running') {
      if (batch.items.size === 0) batch.running?.abandon()
      return
    }
    if (batch.lane !== undefined) batch.lane.waiting -= 1
    if (batch.items.size > 0) return
    if (batch.state === 'pending') this.#scheduler.forget(batch)
    this.#close(batch)
    this.#telemetry.batchDropped.publish?.({ batchId: batch.id, routeKey: batch.route.routeKey })
  }

  /** Flushes every open batch, and from now on every new one at once. */
  drain(): void {
    this.#draining = true
    this.#lanes.stop()
    for (const batch of this.#lanes.openBatches()) this.#flush(batch, 'drain')
  }

  /** The batch that an item joins; undefined when a new one would be refused. */
  #batchFor(route: BatchRoute, lane: Lane | undefined, item: Item): Batch | undefined {
    if (lane?.open !== undefined && isOver(lane.open, item.arrivedAtMs)) this.#flush(lane.open, 'window')
    const candidate = lane?.open ?? lane?.pending
    if (candidate?.hasRoomFor(item.bytes, this.#maxPayloadBytes)) return candidate
    if (candidate?.state === 'open') this.#flush(candidate, 'payload')
    if (this.#scheduler.isFull(route)) return undefined
    const batch = new Batch(this.#newBatchId(), route, item.arrivedAtMs)
    batch.lane = lane
    batch.policy = lane?.window
    if (lane !== undefined) lane.open = batch
    this.#telemetry.batchOpened.publish?.({ batchId: batch.id, routeKey: route.routeKey })
    return batch
  }

  #joined(batch: Batch, lane: Lane | undefined, nowMs: number): void {
    if (batch.state === 'pending') {
      if (batch.items.size >= batch.route.maxBatchSize && lane?.pending === batch) lane.pending = undefined
      consult(batch, lane, nowMs)
      return
    }
    const deadlineMs = consult(batch, lane, nowMs)
    const reason = this.#reasonToFlush(batch, lane, deadlineMs <= nowMs)
    if (reason !== undefined) this.#flush(batch, reason)
    else if (batch.window?.deadlineMs !== deadlineMs) this.#arm(batch, deadlineMs, nowMs)
  }

  #reasonToFlush(batch: Batch, lane: Lane | undefined, due: boolean): FlushReason | undefined {
    if (lane === undefined) return 'immediate'
    if (batch.items.size >= batch.route.maxBatchSize) return 'size'
    if (this.#draining) return 'drain'
    return due ? 'immediate' : undefined
  }

  #arm(batch: Batch, deadlineMs: number, now: number): void {
    batch.window?.timer.cancel()
    const timer = this.#clock.after(deadlineMs - now, () => this.#due(batch, deadlineMs))
    batch.window = { deadlineMs, timer }
  }

  /**
   * Node counts a timer from when the turn of its event loop began, in whole milliseconds, so it may fire up to one too
   * early: a window of 10 ms would be a tenth shorter than its setting.
   */
  #due(batch: Batch, deadlineMs: number): void {
    const now = this.#clock.now()
    if (deadlineMs - now > EARLY_MS) this.#arm(batch, deadlineMs, now)
    else this.#flush(batch, 'window')
  }

  #flush(batch: Batch, reason: FlushReason): void {
    batch.window?.timer.cancel()
    batch.window = undefined
    batch.flushReason = reason
    const { lane } = batch
    if (lane !== undefined) {
      lane.open = undefined
      lane.pending = batch.items.size < batch.route.maxBatchSize ? batch : undefined
    }
    this.#publishFlushed(batch)
    if (this.#scheduler.submit(batch)) return
    this.#leaveLane(batch)
    batch.state = 'ended'
    this.#telemetry.batchDropped.publish?.({ batchId: batch.id, routeKey: batch.route.routeKey })
    for (const item of [...batch.items]) item.reply.fail(overloaded())
  }

  #publishFlushed({ id, route, flushReason, items }: Batch): void {
    this.#telemetry.batchFlushed.publish?.({
      batchId: id,
      routeKey: route.routeKey,
      flushReason,
      batchSize: items.size,
      requestIds: Array.from(items, (item) => item.id),
    })
  }

  /** From here on the batch takes no more requests. */
  #leaveLane(batch: Batch): void {
    if (batch.lane !== undefined) batch.lane.waiting -= batch.items.size
    this.#close(batch)
  }

  #leave(lane: Lane): void {
    lane.waiting -= 1
    this.#lanes.release(lane)
  }

  #close(batch: Batch): void {
    const { lane } = batch
    batch.window?.timer.cancel()
    batch.window = undefined
    batch.lane = undefined
    if (lane === undefined) return
    if (lane.open === batch) lane.open = undefined
    if (lane.pending === batch) lane.pending = undefined
    this.#lanes.release(lane)
  }
}

/** When to flush. The window policy hears of every arrival, because it may learn from those that it does not decide on. */
function consult(batch: Batch, lane: Lane | undefined, nowMs: number): number {
  const view = { size: batch.items.size, firstAtMs: batch.openedAtMs, arrivalSumMs: batch.arrivalSumMs }
  return lane?.window.arrival(nowMs, view) ?? nowMs
}

/** Timers are late when the router is busy, or by the part of a millisecond that Node's cannot tell. */
function isOver({ window }: Batch, nowMs: number): boolean {
  return window !== undefined && window.deadlineMs <= nowMs
}

function overloaded(): RouterError {
  return new RouterError(
    'router_overloaded',
    'as many batches wait for an invocation as MaxPendingInvocations allows',
  )
}
