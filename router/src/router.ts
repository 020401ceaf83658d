import type { Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { type ListenAddress, type Manifest, parseListenAddress, VERSION } from '@lpr/contract'
import { Dashboard } from './admin/dashboard/index.ts'
import { type AdminPages, createAdminServer, textPage } from './admin/server.ts'
import { openBatches, routeStatus, type Status } from './admin/status.ts'
import { Batcher } from './batching/batcher.ts'
import { Scheduler } from './batching/scheduler.ts'
import { type Clock, systemClock } from './clock.ts'
import { Connections } from './http/connections.ts'
import type { Exchange } from './http/exchange.ts'
import { RequestHandler } from './http/handler.ts'
import { HeaderPolicy } from './http/headers.ts'
import { createHttpServer, listen } from './http/server.ts'
import { newId } from './ids.ts'
import type { Invoker } from './invoke/invoker.ts'
import { RetryBudget } from './invoke/retry.ts'
import { createRunner, type InvokeRoute } from './invoke/runner.ts'
import { lookup, newWindow, planOf } from './plan.ts'
import { createMatcher } from './routing/matcher.ts'
import { compileRoutes, type Route } from './routing/routes.ts'
import { Telemetry } from './telemetry/events.ts'
import type { RouteFigures } from './telemetry/metrics/observe.ts'
import type { Propagation } from './telemetry/propagation.ts'

export interface RouterParts {
  invoker: Invoker
  /** Hash of the config document, shown by the admin server. */
  configSha256?: string
  telemetry?: Telemetry
  /** Undefined when traces are off. */
  propagation?: Propagation | undefined
  /** Pages of the admin server besides the dashboard and `/status`. */
  adminPages?: AdminPages
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

/** `draining`: not ready, still serving. `closing`: what comes now is refused. */
export type RouterState = 'serving' | 'draining' | 'closing' | 'stopped'

/** A router in one process: the public server, the batches and the invocations, put together from a manifest. */
export class Router {
  readonly routes: Route[]
  readonly #manifest: Manifest
  readonly #clock: Clock
  readonly #invoker: Invoker
  readonly #handler: RequestHandler
  readonly #plans: Map<Route, InvokeRoute>
  readonly #batcher: Batcher
  readonly #scheduler: Scheduler
  readonly #server: Server
  readonly #admin: Server | undefined
  readonly #dashboard: Dashboard | undefined
  readonly #startedAtMs: number
  readonly #configSha256: string | undefined
  #state: RouterState = 'serving'

  constructor(
    manifest: Manifest,
    {
      invoker,
      configSha256,
      telemetry = new Telemetry(),
      propagation,
      adminPages = {},
      clock = systemClock,
      random = Math.random,
    }: RouterParts,
  ) {
    this.#manifest = manifest
    this.#clock = clock
    this.#invoker = invoker
    this.#startedAtMs = clock.now()
    this.#configSha256 = configSha256
    if (manifest.AdminListenAddr !== undefined) {
      const status = (): string => JSON.stringify(this.status, undefined, 2)
      this.#dashboard = new Dashboard({ telemetry, clock, status: () => this.status })
      this.#admin = createAdminServer({
        ...this.#dashboard.pages,
        ...adminPages,
        '/status': textPage('application/json', status),
      })
    }
    this.routes = compileRoutes(manifest)
    const plans = new Map(this.routes.map((route) => [route, planOf(route)]))
    this.#plans = plans
    const planFor = lookup(plans)
    const newBatchId = (): string => newId('b-')
    const run = createRunner(
      {
        clock,
        invoker,
        telemetry,
        propagation,
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
      telemetry,
      scheduler: this.#scheduler,
      limits: {
        maxInvokePayloadBytes: manifest.MaxInvokePayloadBytes,
        maxBatchKeysPerRoute: manifest.MaxBatchKeysPerRoute,
        idleTtlMs: manifest.IdleTtlMs,
      },
      newWindow: (route) => newWindow(route as InvokeRoute),
      newBatchId,
    })
    const connections = new Connections<Exchange>()
    this.#handler = new RequestHandler({
      connections,
      clock,
      telemetry,
      matcher: createMatcher(this.routes),
      batcher: this.#batcher,
      headerPolicy: new HeaderPolicy(manifest.ForwardHeaders),
      propagation,
      trustedProxyHops: manifest.TrustedProxyHops,
      maxInflightRequests: manifest.MaxInflightRequests,
      requestReadTimeoutMs: manifest.RequestReadTimeoutMs,
      maxStreamBufferBytes: manifest.MaxStreamBufferBytes,
      unreadTimeoutMs: manifest.StreamIdleTimeoutMs,
      includeBatchHeaders: manifest.IncludeBatchHeaders,
      batchRouteOf: planFor,
      closing: () => this.#state !== 'serving',
      ready: () => this.#state === 'serving',
      refusing: () => this.#state === 'closing',
    })
    const { HeadersTimeoutMs, RequestReadTimeoutMs, KeepAliveTimeoutMs } = manifest
    const serverLimits = {
      headersTimeoutMs: HeadersTimeoutMs,
      requestReadTimeoutMs: RequestReadTimeoutMs,
      keepAliveTimeoutMs: KeepAliveTimeoutMs,
    }
    this.#server = createHttpServer(this.#handler, connections, serverLimits, telemetry)
  }

  get state(): RouterState {
    return this.#state
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
    const { ListenAddr, AdminListenAddr } = this.#manifest
    if (this.#admin !== undefined && AdminListenAddr !== undefined)
      await listen(this.#admin, addressOf(AdminListenAddr))
    this.#dashboard?.start()
    await listen(this.#server, addressOf(ListenAddr))
    return this.#server.address() as AddressInfo
  }

  /** Where the admin server listens; undefined when there is none. */
  get adminAddress(): AddressInfo | undefined {
    return this.#admin?.address() as AddressInfo | undefined
  }

  get status(): Status {
    return {
      version: VERSION,
      configSha256: this.#configSha256,
      state: this.#state,
      uptimeSeconds: Math.round((this.#clock.now() - this.#startedAtMs) / 1000),
      ...this.figures,
      routes: this.routeFigures().map(routeStatus),
      openBatches: openBatches(this.#batcher.joinable, this.#clock.now()),
    }
  }

  /** Figures of each route, in the order of the spec. */
  routeFigures(): (RouteFigures & { route: Route })[] {
    return Array.from(this.#plans, ([route, plan]) => ({
      route,
      ...this.#batcher.figuresOf(plan),
      ...this.#scheduler.figuresOf(plan),
    }))
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
    this.#state = 'closing'
    const closed = new Promise<void>((resolve) => this.#server.close(() => resolve()))
    this.#batcher.drain()
    const timer = this.#clock.after(ShutdownTimeoutMs - ShutdownDelayMs, () => this.abort())
    await closed
    await this.#scheduler.idle()
    timer.cancel()
    this.#state = 'stopped'
    this.#dashboard?.stop()
    this.#admin?.close()
    this.#admin?.closeAllConnections()
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

function addressOf(text: string): ListenAddress {
  const address = parseListenAddress(text)
  if (address === undefined) throw new Error(`${text} is not an address`)
  return address
}
