import { randomUUID } from 'node:crypto'
import type { Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { type Manifest, parseListenAddress } from '@lpr/contract'
import { adaptiveWindow } from './batching/adaptive-window.ts'
import type { BatchRoute } from './batching/batch.ts'
import { Batcher } from './batching/batcher.ts'
import { Scheduler } from './batching/scheduler.ts'
import { dynamicWindow, fixedWindow, type WindowPolicy } from './batching/window.ts'
import { type Clock, systemClock } from './clock.ts'
import { RequestHandler } from './http/handler.ts'
import { HeaderPolicy } from './http/headers.ts'
import { createHttpServer, listen } from './http/server.ts'
import type { Invoker } from './invoke/invoker.ts'
import { envelopeBytes } from './invoke/payload.ts'
import { RetryBudget } from './invoke/retry.ts'
import { createRunner, type InvokeRoute } from './invoke/runner.ts'
import { createMatcher } from './routing/matcher.ts'
import { compileRoutes, type Route } from './routing/routes.ts'
import { Telemetry } from './telemetry/events.ts'

export interface RouterParts {
  invoker: Invoker
  telemetry?: Telemetry
  clock?: Clock
  random?: () => number
}

/** What the router holds at a moment; all zero when nothing is under way. */
export interface RouterFigures {
  inflightRequests: number
  inflightInvocations: number
  pendingInvocations: number
  batchKeys: number
}

/** A router in one process: the public server, the batches and the invocations, put together from a manifest. */
export class Router {
  readonly routes: Route[]
  readonly #manifest: Manifest
  readonly #clock: Clock
  readonly #invoker: Invoker
  readonly #handler: RequestHandler
  readonly #batcher: Batcher
  readonly #scheduler: Scheduler
  readonly #server: Server
  #state: 'serving' | 'draining' | 'stopped' = 'serving'

  constructor(
    manifest: Manifest,
    { invoker, telemetry = new Telemetry(), clock = systemClock, random = Math.random }: RouterParts,
  ) {
    this.#manifest = manifest
    this.#clock = clock
    this.#invoker = invoker
    this.routes = compileRoutes(manifest)
    const plans = new Map(this.routes.map((route) => [route, planOf(route)]))
    const planFor = lookup(plans)
    const newBatchId = (): string => `b-${randomUUID()}`
    const run = createRunner(
      {
        clock,
        invoker,
        telemetry,
        random,
        newBatchId,
        budget: new RetryBudget(clock, manifest.RetryBudgetPercent),
        limits: { streamIdleTimeoutMs: manifest.StreamIdleTimeoutMs },
        requeue: (batch) => this.#scheduler.enqueue(batch),
      },
      (route) => route as InvokeRoute,
    )
    this.#scheduler = new Scheduler(
      [...plans.values()],
      {
        maxInflightInvocations: manifest.MaxInflightInvocations,
        maxPendingInvocations: manifest.MaxPendingInvocations,
      },
      run,
    )
    this.#batcher = new Batcher({
      clock,
      scheduler: this.#scheduler,
      limits: {
        maxInvokePayloadBytes: manifest.MaxInvokePayloadBytes,
        maxBatchKeysPerRoute: manifest.MaxBatchKeysPerRoute,
        idleTtlMs: manifest.IdleTtlMs,
      },
      newWindow: (route) => newWindow(route as InvokeRoute),
      newBatchId,
    })
    this.#handler = new RequestHandler({
      clock,
      telemetry,
      matcher: createMatcher(this.routes),
      batcher: this.#batcher,
      headerPolicy: new HeaderPolicy(manifest.ForwardHeaders),
      trustedProxyHops: manifest.TrustedProxyHops,
      maxInflightRequests: manifest.MaxInflightRequests,
      requestReadTimeoutMs: manifest.RequestReadTimeoutMs,
      maxStreamBufferBytes: manifest.MaxStreamBufferBytes,
      includeBatchHeaders: manifest.IncludeBatchHeaders,
      batchRouteOf: planFor,
      closing: () => this.#state !== 'serving',
      ready: () => this.#state === 'serving',
    })
    const { HeadersTimeoutMs, RequestReadTimeoutMs, KeepAliveTimeoutMs } = manifest
    const serverLimits = {
      headersTimeoutMs: HeadersTimeoutMs,
      requestReadTimeoutMs: RequestReadTimeoutMs,
      keepAliveTimeoutMs: KeepAliveTimeoutMs,
    }
    this.#server = createHttpServer(this.#handler, serverLimits, clock)
  }

  get figures(): RouterFigures {
    return {
      inflightRequests: this.#handler.inflightRequests,
      inflightInvocations: this.#scheduler.inflightInvocations,
      pendingInvocations: this.#scheduler.pendingInvocations,
      batchKeys: this.#batcher.keys,
    }
  }

  /** Starts serving; resolves with the address, whose port is the one that the system gave where 0 was asked for. */
  async start(): Promise<AddressInfo> {
    const address = parseListenAddress(this.#manifest.ListenAddr)
    if (address === undefined) throw new Error(`ListenAddr ${this.#manifest.ListenAddr} is not valid`)
    await listen(this.#server, address)
    return this.#server.address() as AddressInfo
  }

  /**
   * Shuts down so that no accepted request is lost: not ready at once, served on for `ShutdownDelayMs`, then no new
   * connections, open batches flushed, in-flight work finished; what is left at `ShutdownTimeoutMs` is aborted.
   */
  async stop(): Promise<void> {
    if (this.#state !== 'serving') return
    this.#state = 'draining'
    const { ShutdownDelayMs, ShutdownTimeoutMs } = this.#manifest
    await this.#sleep(ShutdownDelayMs)
    const closed = new Promise<void>((resolve) => this.#server.close(() => resolve()))
    this.#batcher.drain()
    const timer = this.#clock.after(ShutdownTimeoutMs - ShutdownDelayMs, () => this.abort())
    await closed
    await this.#scheduler.idle()
    timer.cancel()
    this.#state = 'stopped'
    this.#invoker.close()
  }

  /** Ends everything now. */
  abort(): void {
    this.#handler.abortAll()
    this.#server.closeAllConnections()
  }

  #sleep(ms: number): Promise<void> {
    return new Promise((resolve) => this.#clock.after(ms, resolve))
  }
}

function planOf(route: Route): InvokeRoute {
  return {
    routeKey: route.routeKey,
    path: route.template.template,
    target: route.target,
    settings: route.settings,
    maxBatchSize: route.settings.maxBatchSize,
    maxQueueDepth: route.maxQueueDepth,
    maxInflightInvocations: route.settings.maxInflightInvocations ?? Number.POSITIVE_INFINITY,
    envelopeBytes: envelopeBytes(route.template.template),
  }
}

function newWindow({ settings }: InvokeRoute): WindowPolicy {
  const { maxWaitMs, maxBatchSize, dynamicWait, adaptiveWait } = settings
  if (adaptiveWait !== undefined) return adaptiveWindow(adaptiveWait, maxWaitMs, maxBatchSize)
  return dynamicWait === undefined ? fixedWindow(maxWaitMs) : dynamicWindow(dynamicWait, maxWaitMs)
}

function lookup(plans: Map<Route, InvokeRoute>): (route: Route) => BatchRoute {
  return (route) => {
    const plan = plans.get(route)
    if (plan === undefined) throw new Error(`${route.routeKey} is not a route of this router`)
    return plan
  }
}
