import type { Clock, Timer } from '../clock.ts'
import type { Batch, BatchRoute } from './batch.ts'
import type { WindowPolicy } from './window.ts'

/** One batch key in use: the batches of it that still take requests, and what its window has learned. */
export interface Lane {
  readonly route: BatchRoute
  readonly key: string
  readonly window: WindowPolicy
  /** The batch whose window runs. */
  open: Batch | undefined
  /** The newest flushed batch that waits for a free invocation. */
  pending: Batch | undefined
  /** Requests of this key that have not been invoked. */
  waiting: number
  usedAtMs: number
}

export interface LaneLimits {
  maxBatchKeysPerRoute: number
  idleTtlMs: number
}

/** The batch keys in use, by route. Bounded: an idle key makes room for a new one, a busy one never does. */
export class Lanes {
  readonly #clock: Clock
  readonly #limits: LaneLimits
  readonly #newWindow: (route: BatchRoute) => WindowPolicy
  readonly #byRoute = new Map<BatchRoute, Map<string, Lane>>()
  #sweep: Timer | undefined
  #stopped = false

  constructor(clock: Clock, limits: LaneLimits, newWindow: (route: BatchRoute) => WindowPolicy) {
    this.#clock = clock
    this.#limits = limits
    this.#newWindow = newWindow
  }

  /** The lane of a key, made if need be; undefined when the route has as many busy keys as it may. */
  obtain(route: BatchRoute, key: string, nowMs: number): Lane | undefined {
    const lanes = this.#of(route)
    const known = lanes.get(key)
    if (known !== undefined) {
      known.usedAtMs = nowMs
      return known
    }
    if (lanes.size >= this.#limits.maxBatchKeysPerRoute && !evictOneIdle(lanes)) return undefined
    const window = this.#newWindow(route)
    const lane: Lane = {
      route,
      key,
      window,
      open: undefined,
      pending: undefined,
      waiting: 0,
      usedAtMs: nowMs,
    }
    lanes.set(key, lane)
    if (window.stateful && !this.#stopped) this.#scheduleSweep()
    return lane
  }

  /** To be called when a lane may have become empty: one that has learned nothing is not kept. */
  release(lane: Lane): void {
    if (lane.waiting === 0 && !lane.window.stateful) this.#of(lane.route).delete(lane.key)
  }

  /** Keys of one route in use, and the requests that wait in them. */
  figuresOf(route: BatchRoute): { batchKeys: number; queueDepth: number } {
    const lanes = this.#byRoute.get(route)
    let queueDepth = 0
    for (const { waiting } of lanes?.values() ?? []) queueDepth += waiting
    return { batchKeys: lanes?.size ?? 0, queueDepth }
  }

  /** Those that still take requests: open ones, and the newest of each key that waits for an invocation. */
  *joinableBatches(): Iterable<Batch> {
    for (const lanes of this.#byRoute.values()) {
      for (const { open, pending } of lanes.values()) {
        if (open !== undefined) yield open
        if (pending !== undefined) yield pending
      }
    }
  }

  *openBatches(): Iterable<Batch> {
    for (const lanes of this.#byRoute.values()) {
      for (const lane of [...lanes.values()]) if (lane.open !== undefined) yield lane.open
    }
  }

  /** Number of keys in use, for gauges and tests. */
  get size(): number {
    let size = 0
    for (const lanes of this.#byRoute.values()) size += lanes.size
    return size
  }

  /** Ends the looking for idle keys, for good: after it no timer is left. */
  stop(): void {
    this.#stopped = true
    this.#sweep?.cancel()
    this.#sweep = undefined
  }

  #of(route: BatchRoute): Map<string, Lane> {
    const known = this.#byRoute.get(route)
    if (known !== undefined) return known
    const lanes = new Map<string, Lane>()
    this.#byRoute.set(route, lanes)
    return lanes
  }

  #scheduleSweep(): void {
    this.#sweep ??= this.#clock.after(this.#limits.idleTtlMs, () => {
      this.#sweep = undefined
      const before = this.#clock.now() - this.#limits.idleTtlMs
      for (const lanes of this.#byRoute.values()) {
        for (const [key, lane] of lanes) if (lane.waiting === 0 && lane.usedAtMs <= before) lanes.delete(key)
      }
      if (this.size > 0) this.#scheduleSweep()
    })
  }
}

function evictOneIdle(lanes: Map<string, Lane>): boolean {
  for (const [key, lane] of lanes) {
    if (lane.waiting === 0) return lanes.delete(key)
  }
  return false
}
