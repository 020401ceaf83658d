import type { BatchSettings, FunctionArn } from '@lpr/contract'
import { Batch, type BatchRoute, type Running } from '../batching/batch.ts'
import type { RunBatch } from '../batching/scheduler.ts'
import type { Clock } from '../clock.ts'
import { type ErrorCode, RouterError } from '../errors.ts'
import type { InvocationFacts, InvocationStarted, Telemetry } from '../telemetry/events.ts'
import type { Propagation } from '../telemetry/propagation.ts'
import { Delivery } from './delivery.ts'
import { type InvokeCall, InvokeError, type InvokeFailure, type Invoker } from './invoker.ts'
import { assemblePayload } from './payload.ts'
import { readBufferedAnswer } from './reader.ts'
import { backoffMs, mayRetry, type RetryBudget } from './retry.ts'
import { StreamedAnswer, type StreamLimits } from './stream.ts'

/** What an invocation has to know of a route. */
export interface InvokeRoute extends BatchRoute {
  readonly target: FunctionArn
  readonly settings: BatchSettings
  /** Path template. */
  readonly path: string
}

export interface RunnerOptions {
  clock: Clock
  invoker: Invoker
  telemetry: Telemetry
  propagation: Propagation | undefined
  budget: RetryBudget
  limits: StreamLimits
  random(): number
  newBatchId(): string
  /** Gives a part of a failed batch back to the scheduler. */
  requeue(batch: Batch): void
}

const CODE: Record<InvokeFailure, ErrorCode> = {
  throttle: 'function_throttled',
  function_error: 'function_error',
  transport: 'invoke_failed',
  rejected: 'invoke_failed',
}

/** Makes the function that takes a batch from its start to the outcome of every request in it. It never rejects. */
export function createRunner(options: RunnerOptions, routeOf: (route: BatchRoute) => InvokeRoute): RunBatch {
  return async (batch) => {
    const invocation = new Invocation(options, routeOf(batch.route), batch)
    try {
      await invocation.run()
    } catch (error) {
      invocation.delivery.failRest(
        new RouterError('invoke_failed', `unexpected: ${String(error)}`, { cause: error }),
      )
    }
  }
}

class Invocation implements Running {
  readonly delivery: Delivery
  readonly #options: RunnerOptions
  readonly #route: InvokeRoute
  readonly #batch: Batch
  readonly #size: number
  #call: InvokeCall | undefined
  #abandoned = false
  /** Ends the wait before another attempt. */
  #endBackoff: (() => void) | undefined

  constructor(options: RunnerOptions, route: InvokeRoute, batch: Batch) {
    this.#options = options
    this.#route = route
    this.#batch = batch
    this.#size = batch.items.size
    this.delivery = new Delivery(batch)
    batch.running = this
  }

  async run(): Promise<void> {
    const { clock } = this.#options
    const startedAtMs = clock.now()
    this.#announce(startedAtMs)
    for (let attempt = 1; ; attempt++) {
      const failure = await this.#attempt(attempt)
      if (failure === undefined || this.delivery.complete) return
      if (await this.#retried(failure, attempt)) continue
      if (this.#bisected(failure)) return
      return this.delivery.failRest(
        new RouterError(CODE[failure.failure], failure.message, { cause: failure }),
      )
    }
  }

  abandon(): void {
    this.#abandoned = true
    this.#call?.cancel(new Error('every client has gone'))
    this.#endBackoff?.()
  }

  #announce(startedAtMs: number): void {
    const { id: batchId, flushReason, items } = this.#batch
    for (const { arrivedAtMs, reply } of items) {
      reply.dispatched({ batchId, flushReason, size: this.#size, waitMs: startedAtMs - arrivedAtMs })
    }
  }

  async #attempt(attempt: number): Promise<InvokeError | undefined> {
    const { clock, budget, telemetry } = this.#options
    const startedAtMs = clock.now()
    const payload = assemblePayload(this.#batch, this.#route.path, clock.epochMs())
    const facts = this.#facts(attempt, payload.length)
    telemetry.invocationStarted.publish?.({ ...facts, items: this.#waits(startedAtMs) })
    budget.countInvocation()
    let failure: InvokeError | undefined
    try {
      await this.#invoke(payload)
      this.delivery.finish()
    } catch (error) {
      failure = error instanceof InvokeError ? error : new InvokeError('transport', String(error), error)
    }
    telemetry.invocationEnded.publish?.({
      ...facts,
      durationMs: clock.now() - startedAtMs,
      outcome: failure === undefined ? 'ok' : this.#abandoned ? 'abandoned' : failure.failure,
      error: failure,
      stray: this.delivery.takeStray(),
    })
    return failure
  }

  #facts(attempt: number, payloadBytes: number): InvocationFacts {
    return {
      batchId: this.#batch.id,
      bisectedFrom: this.#batch.bisectedFrom,
      routeKey: this.#route.routeKey,
      functionName: this.#route.target.functionName,
      invokeMode: this.#route.settings.invokeMode,
      batchSize: this.#size,
      flushReason: this.#batch.flushReason,
      payloadBytes,
      attempt,
    }
  }

  #waits(nowMs: number): InvocationStarted['items'] {
    return Array.from(this.#batch.items, ({ id, arrivedAtMs }) => ({
      requestId: id,
      waitMs: nowMs - arrivedAtMs,
    }))
  }

  async #invoke(payload: Uint8Array): Promise<void> {
    const { invoker, propagation, clock, limits } = this.#options
    const { target, settings } = this.#route
    const [item] = this.#batch.items
    const request = {
      target,
      mode: settings.invokeMode,
      payload,
      tenantId: item?.tenantId,
      traceHeader: propagation?.toInvocation(this.#batch.id),
    }
    if (request.mode === 'buffered') {
      this.#call = invoker.invoke(request)
      readBufferedAnswer((await this.#call.answer) ?? Buffer.alloc(0), this.delivery)
      return
    }
    const stream = new StreamedAnswer(this.delivery, clock, limits, (reason) => this.#call?.cancel(reason))
    this.#call = invoker.invoke({ ...request, onChunk: (bytes) => stream.chunk(bytes) })
    try {
      await this.#call.answer
    } catch (error) {
      const failure = stream.failed(error)
      if (failure !== undefined) throw failure
      return
    }
    stream.ended()
  }

  async #retried({ failure }: InvokeError, attempt: number): Promise<boolean> {
    const { clock, random, budget, telemetry } = this.#options
    if (this.delivery.touched || !mayRetry(this.#route.settings.retry, failure, attempt)) return false
    const delayMs = backoffMs(attempt, random)
    const latest = Math.max(...[...this.#batch.items].map(({ deadlineEpochMs }) => deadlineEpochMs))
    if (clock.epochMs() + delayMs >= latest || !budget.take()) return false
    telemetry.retried.publish?.({
      batchId: this.#batch.id,
      routeKey: this.#route.routeKey,
      failure,
      attempt,
      delayMs,
    })
    await new Promise<void>((resolve) => {
      const timer = clock.after(delayMs, resolve)
      this.#endBackoff = () => {
        timer.cancel()
        resolve()
      }
    })
    return this.#batch.items.size > 0
  }

  /** Sends the batch again in halves, so that down to single items the one that breaks the function fails alone. */
  #bisected({ failure }: InvokeError): boolean {
    const { settings } = this.#route
    const items = [...this.#batch.items]
    if (!settings.bisectBatchOnFunctionError || failure !== 'function_error') return false
    if (this.delivery.touched || items.length < 2) return false
    const middle = Math.ceil(items.length / 2)
    for (const part of [items.slice(0, middle), items.slice(middle)]) {
      const half = new Batch(this.#options.newBatchId(), this.#batch.route, this.#batch.openedAtMs)
      half.flushReason = this.#batch.flushReason
      half.bisectedFrom = this.#batch.id
      for (const item of part) half.adopt(item, this.#batch)
      this.#options.requeue(half)
    }
    return true
  }
}
