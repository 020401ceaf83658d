import type { Batch, BatchRoute } from './batch.ts'

/** Invokes a batch; resolves when its invocation is over. Must not reject. */
export type RunBatch = (batch: Batch) => Promise<void>

/** Told of a batch: that it stops taking requests because its invocation starts, or that its invocation is over. */
export type OnBatch = (batch: Batch) => void

export interface SchedulerLimits {
  maxInflightInvocations: number
  maxPendingInvocations: number
}

interface RouteQueue {
  route: BatchRoute
  /** First in, first out. */
  pending: Batch[]
  inflight: number
}

/**
 * Hands out the permitted invocations. Each route has a queue of its own and the routes take turns, so a slow route
 * delays itself; and where there is more than one, none may take the last permit for itself alone.
 */
export class Scheduler {
  readonly #limits: SchedulerLimits
  readonly #run: RunBatch
  readonly #queues = new Map<BatchRoute, RouteQueue>()
  #turn: RouteQueue[] = []
  #inflight = 0
  #pending = 0
  #idle: (() => void)[] = []
  onStart: OnBatch | undefined
  onEnd: OnBatch | undefined

  constructor(routes: BatchRoute[], limits: SchedulerLimits, run: RunBatch) {
    this.#limits = limits
    this.#run = run
    for (const route of routes) this.#queues.set(route, { route, pending: [], inflight: 0 })
    this.#turn = [...this.#queues.values()]
  }

  get inflightInvocations(): number {
    return this.#inflight
  }

  get pendingInvocations(): number {
    return this.#pending
  }

  /** Batches of one route that wait and that run. */
  figuresOf(route: BatchRoute): { pendingInvocations: number; inflightInvocations: number } {
    const { pending, inflight } = this.#queue(route)
    return { pendingInvocations: pending.length, inflightInvocations: inflight }
  }

  /** Whether a new batch of this route would be refused. */
  isFull(route: BatchRoute): boolean {
    return this.#pending >= this.#limits.maxPendingInvocations && !this.#mayStart(this.#queue(route))
  }

  /** Starts a batch or lets it wait. False: too many wait already, and the batch was not taken. */
  submit(batch: Batch): boolean {
    if (this.isFull(batch.route)) return false
    this.enqueue(batch)
    return true
  }

  /** Like `submit`, for work that was admitted before and must not be refused now. */
  enqueue(batch: Batch): void {
    batch.state = 'pending'
    this.#queue(batch.route).pending.push(batch)
    this.#pending += 1
    this.#startWhatMay()
  }

  /** Takes a batch out of its queue, because nobody waits for it any more. */
  forget(batch: Batch): void {
    const { pending } = this.#queue(batch.route)
    const index = pending.indexOf(batch)
    if (index >= 0) {
      pending.splice(index, 1)
      this.#pending -= 1
    }
    this.#tellIfIdle()
  }

  /** Resolves when nothing runs and nothing waits. */
  idle(): Promise<void> {
    return new Promise((resolve) => {
      this.#idle.push(resolve)
      this.#tellIfIdle()
    })
  }

  #startWhatMay(): void {
    let index = 0
    while (
      index < this.#turn.length &&
      this.#pending > 0 &&
      this.#inflight < this.#limits.maxInflightInvocations
    ) {
      const queue = this.#turn[index]
      const batch = queue?.pending[0]
      if (queue === undefined || batch === undefined || !this.#mayStart(queue)) {
        index += 1
        continue
      }
      this.#turn.splice(index, 1)
      this.#turn.push(queue)
      index = 0
      this.#start(batch, queue)
    }
  }

  #start(batch: Batch, queue: RouteQueue): void {
    queue.pending.shift()
    this.#pending -= 1
    this.#inflight += 1
    queue.inflight += 1
    batch.state = 'running'
    this.onStart?.(batch)
    void this.#run(batch).finally(() => {
      batch.state = 'ended'
      this.onEnd?.(batch)
      this.#inflight -= 1
      queue.inflight -= 1
      this.#startWhatMay()
      this.#tellIfIdle()
    })
  }

  #mayStart({ route, inflight }: RouteQueue): boolean {
    const limit = this.#limits.maxInflightInvocations
    const ownLimit = this.#queues.size > 1 && limit > 1 ? limit - 1 : limit
    return this.#inflight < limit && inflight < Math.min(ownLimit, route.maxInflightInvocations)
  }

  #queue(route: BatchRoute): RouteQueue {
    const queue = this.#queues.get(route)
    if (queue === undefined) throw new Error(`${route.routeKey} is not a route of this scheduler`)
    return queue
  }

  #tellIfIdle(): void {
    if (this.#inflight > 0 || this.#pending > 0) return
    const waiting = this.#idle
    this.#idle = []
    for (const resolve of waiting) resolve()
  }
}
