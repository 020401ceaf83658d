import type { WindowPolicy } from '../../router/src/batching/window.ts'
import { TimeHeap } from './heap.ts'
import { type Random, seededRandom } from './random.ts'
import type { Source } from './sources.ts'

export interface Setting {
  policy: WindowPolicy
  maxBatchSize: number
  /** Timers fire at the next multiple of this; 0: exactly. */
  timerStepMs?: number
  /** Time of an invocation; default: 20 ms and an exponential 20 ms more. */
  serviceMs?(random: Random): number
}

export interface Outcome {
  requests: number
  invocations: number
  /** Sum over all requests, from arrival to flush. */
  waitMs: number
  longestWaitMs: number
}

interface OpenBatch {
  clients: number[]
  firstAtMs: number
  arrivalSumMs: number
  deadlineMs: number
}

const usualServiceMs = (random: Random): number => 20 + random.exponential(20)

/** Runs a traffic of one batch key through a window policy, the router's own, on a clock that jumps. */
export function simulate(source: Source, setting: Setting): Outcome {
  const lane = new SimulatedLane(source, setting)
  while (lane.step());
  return lane.outcome
}

export function costMs({ invocations, waitMs }: Outcome, priceMs: number): number {
  return priceMs * invocations + waitMs
}

class SimulatedLane {
  readonly outcome: Outcome = { requests: 0, invocations: 0, waitMs: 0, longestWaitMs: 0 }
  readonly #source: Source
  readonly #policy: WindowPolicy
  readonly #maxBatchSize: number
  readonly #timerStepMs: number
  readonly #serviceMs: (random: Random) => number
  readonly #running = new TimeHeap<OpenBatch>()
  readonly #random = seededRandom(7)
  #open: OpenBatch | undefined

  constructor(
    source: Source,
    { policy, maxBatchSize, timerStepMs = 0, serviceMs = usualServiceMs }: Setting,
  ) {
    this.#source = source
    this.#policy = policy
    this.#maxBatchSize = maxBatchSize
    this.#timerStepMs = timerStepMs
    this.#serviceMs = serviceMs
  }

  /** Lets the next thing happen; false when nothing is left. */
  step(): boolean {
    const arrivalMs = this.#source.nextAtMs
    const flushMs = this.#open?.deadlineMs ?? Number.POSITIVE_INFINITY
    const answerMs = this.#running.nextAtMs
    const nowMs = Math.min(arrivalMs, flushMs, answerMs)
    if (nowMs === Number.POSITIVE_INFINITY) return false
    if (answerMs === nowMs) this.#answer(nowMs)
    else if (flushMs === nowMs) this.#flush(nowMs)
    else this.#arrive(nowMs)
    return true
  }

  #arrive(nowMs: number): void {
    this.#open ??= { clients: [], firstAtMs: nowMs, arrivalSumMs: 0, deadlineMs: 0 }
    const batch = this.#open
    batch.clients.push(this.#source.take())
    batch.arrivalSumMs += nowMs
    const size = batch.clients.length
    const { firstAtMs, arrivalSumMs } = batch
    const deadlineMs = this.#policy.arrival(nowMs, { size, firstAtMs, arrivalSumMs })
    if (size >= this.#maxBatchSize || deadlineMs <= nowMs) this.#flush(nowMs)
    else batch.deadlineMs = this.#onStep(deadlineMs)
  }

  #flush(nowMs: number): void {
    const batch = this.#open
    if (batch === undefined) return
    this.#open = undefined
    const { outcome } = this
    outcome.requests += batch.clients.length
    outcome.invocations += 1
    outcome.waitMs += batch.clients.length * nowMs - batch.arrivalSumMs
    outcome.longestWaitMs = Math.max(outcome.longestWaitMs, nowMs - batch.firstAtMs)
    this.#running.push(nowMs + this.#serviceMs(this.#random), batch)
  }

  #answer(nowMs: number): void {
    const batch = this.#running.pop()
    if (batch === undefined) return
    this.#policy.completed?.(nowMs, batch.firstAtMs)
    for (const client of batch.clients) this.#source.answered(client, nowMs)
  }

  #onStep(atMs: number): number {
    return this.#timerStepMs > 0 ? Math.ceil(atMs / this.#timerStepMs) * this.#timerStepMs : atMs
  }
}
