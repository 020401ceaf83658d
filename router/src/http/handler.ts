import type { ServerResponse } from 'node:http'
import { HEALTH_PATHS } from '@lpr/contract'
import type { BatchRoute } from '../batching/batch.ts'
import type { Batcher } from '../batching/batcher.ts'
import { eventBytes } from '../batching/event-buffer.ts'
import type { Item } from '../batching/item.ts'
import type { Clock } from '../clock.ts'
import { RouterError } from '../errors.ts'
import { newId } from '../ids.ts'
import { Roster } from '../roster.ts'
import type { Matcher } from '../routing/matcher.ts'
import type { Route } from '../routing/routes.ts'
import type { Propagation } from '../telemetry/propagation.ts'
import { batchKey, type KeySource, valuesOf } from './batch-key.ts'
import { announcesBody, declaredTooLarge, Upload } from './body.ts'
import { Deadlines } from './deadlines.ts'
import type { DirectRequest } from './direct-request.ts'
import { buildEvent } from './event/index.ts'
import { Exchange, type ExchangeOptions, type ExchangeOwner } from './exchange.ts'
import { collectHeaders, type HeaderPolicy, splitCookies } from './headers.ts'
import { sourceIp } from './source-ip.ts'
import { decodeParams, hostname, type PathParameters, parseTarget, type RequestTarget } from './target.ts'

export interface HandlerOptions extends ExchangeOptions {
  clock: Clock
  matcher: Matcher
  batcher: Batcher
  headerPolicy: HeaderPolicy
  trustedProxyHops: number
  maxInflightRequests: number
  requestReadTimeoutMs: number
  propagation: Propagation | undefined
  /** What batching knows a route as. */
  batchRouteOf(route: Route): BatchRoute
  ready(): boolean
  /** Whether new requests are refused, because the router is about to end. */
  refusing(): boolean
}

/** A request that a route has taken, before its event is built. */
interface Matched {
  route: Route
  target: RequestTarget
  pathParameters: PathParameters
}

/** Takes each request from its head to a place in a batch, or to the error that it deserves. */
export class RequestHandler implements ExchangeOwner {
  readonly #options: HandlerOptions
  readonly #admitted = new Roster<Exchange>()
  readonly #deadlines: Deadlines

  constructor(options: HandlerOptions) {
    this.#options = options
    this.#deadlines = new Deadlines(options.clock, this.#admitted)
  }

  /** Admitted requests whose response is not over. */
  get inflightRequests(): number {
    return this.#admitted.size
  }

  /** Fails everything that is still under way; for the end of a shutdown that took too long. */
  abortAll(): void {
    for (const exchange of this.#admitted)
      exchange.fail(new RouterError('shutting_down', 'ShutdownTimeoutMs is over'))
  }

  /** `expectsContinue`: the client waits for 100 before it sends its body, so a refusal saves it the upload. */
  handle(request: DirectRequest, response: ServerResponse, expectsContinue = false): void {
    const exchange = new Exchange(newId('r-'), request, response, this, this.#options)
    this.#options.telemetry.requestStarted.publish?.({ requestId: exchange.requestId, request })
    try {
      this.#serve(exchange, expectsContinue)
    } catch (error) {
      failSoon(exchange, error)
    }
  }

  settled({ item }: Exchange): void {
    if (item !== undefined) this.#options.batcher.withdraw(item)
  }

  closed(exchange: Exchange): void {
    this.#admitted.delete(exchange)
    if (this.inflightRequests === 0) this.#deadlines.stop()
  }

  #serve(exchange: Exchange, expectsContinue: boolean): void {
    const { request } = exchange
    const target = parseTarget(request.url ?? '')
    if (target === undefined && request.url === '*') throw new RouterError('route_not_found', 'target is *')
    if (target === undefined) throw new RouterError('bad_request', 'request target is not a path')
    if (HEALTH_PATHS.includes(target.rawPath)) {
      this.#health(exchange, target.rawPath)
      return
    }
    if (request.httpVersion === '1.1' && request.headers.host === undefined) {
      throw new RouterError('bad_request', 'no Host header')
    }
    const matched = this.#match(exchange, target)
    this.#admit(exchange)
    if (declaredTooLarge(request, matched.route.maxBodyBytes)) {
      throw new RouterError('body_too_large', `content-length is over ${matched.route.maxBodyBytes}`)
    }
    this.#takeBody(exchange, matched, expectsContinue)
  }

  #health(exchange: Exchange, path: string): void {
    const { method } = exchange.request
    exchange.probe = true
    if (method !== 'GET' && method !== 'HEAD') {
      throw new RouterError('method_not_allowed', `${method} of ${path}`, { headers: { allow: 'GET, HEAD' } })
    }
    const ok = path === '/healthz' || this.#options.ready()
    exchange.plain(ok ? 200 : 503, ok ? 'ok' : 'not ready')
  }

  #match(exchange: Exchange, target: RequestTarget): Matched {
    const match = this.#options.matcher.match(exchange.request.method ?? '', target.rawPath)
    if (match.kind === 'not_found') throw new RouterError('route_not_found', 'no template matches')
    if (match.kind === 'method_not_allowed') {
      throw new RouterError('method_not_allowed', 'no such operation', {
        headers: { allow: match.allow.join(', ') },
      })
    }
    exchange.routeKey = match.route.routeKey
    const pathParameters = decodeParams(match.route.template.params, match.values)
    if (pathParameters === undefined)
      throw new RouterError('bad_request', 'a path parameter is not valid percent-encoded UTF-8')
    return { route: match.route, target, pathParameters }
  }

  #admit(exchange: Exchange): void {
    if (this.#options.refusing())
      throw new RouterError('shutting_down', 'the router no longer takes requests')
    if (this.inflightRequests >= this.#options.maxInflightRequests) {
      throw new RouterError('too_many_requests', `${this.inflightRequests} requests are in flight`)
    }
    this.#admitted.add(exchange)
  }

  /** Goes on when the whole body is there, or with none. */
  #takeBody(exchange: Exchange, matched: Matched, expectsContinue: boolean): void {
    const proceed = (outcome: Buffer | RouterError | undefined): void => {
      exchange.upload = undefined
      if (exchange.settled) return
      try {
        if (outcome instanceof RouterError) throw outcome
        this.#enqueue(exchange, matched, outcome)
      } catch (error) {
        failSoon(exchange, error)
      }
    }
    if (!announcesBody(exchange.request)) {
      queueMicrotask(() => proceed(undefined))
      return
    }
    if (expectsContinue) exchange.response.writeContinue()
    exchange.upload = new Upload(exchange.request, matched.route.maxBodyBytes, proceed)
    this.#limitTime(exchange, exchange.startedAtMs, this.#options.requestReadTimeoutMs)
  }

  #enqueue(exchange: Exchange, { route, target, pathParameters }: Matched, body: Buffer | undefined): void {
    const { clock, batcher, trustedProxyHops, headerPolicy, propagation, batchRouteOf } = this.#options
    const { request, requestId } = exchange
    const headers = collectHeaders(request.rawHeaders)
    const ip = sourceIp(headers, request.socket.remoteAddress, trustedProxyHops)
    const source: KeySource = { headers, rawQuery: target.rawQuery, pathParameters, sourceIp: ip }
    const tenantId = tenantOf(route, source)
    const tenantKey = tenantId === undefined ? '' : `${JSON.stringify(tenantId)} `
    const key = tenantKey + batchKey(route.key, source)
    headerPolicy.apply(headers)
    const contextFields = propagation?.toItem(requestId, headers) ?? ''
    const arrivedEpochMs = clock.epochMs()
    const json = buildEvent(route.settings.payloadFormatVersion, {
      requestId,
      routeKey: route.routeKey,
      resource: route.template.template,
      method: request.method ?? '',
      // Not a spread: V8's runtime would define whatever stands behind it, field by field.
      rawPath: target.rawPath,
      rawQuery: target.rawQuery,
      protocol: `HTTP/${request.httpVersion}`,
      host: hostname(target.authority ?? request.headers.host ?? ''),
      sourceIp: ip,
      arrivedEpochMs,
      headers,
      contextFields,
      cookies: splitCookies(headers),
      pathParameters,
      target: route.target,
      body,
    })
    const item: Item = {
      id: requestId,
      offset: 0,
      place: -1,
      bytes: eventBytes(json),
      arrivedAtMs: clock.now(),
      deadlineEpochMs: arrivedEpochMs + route.timeoutMs,
      tenantId,
      reply: exchange,
      batch: undefined,
    }
    exchange.item = item
    this.#limitTime(exchange, item.arrivedAtMs, route.timeoutMs)
    const refusal = batcher.submit(batchRouteOf(route), key, item, json)
    if (refusal !== undefined) exchange.fail(refusal)
  }

  #limitTime(exchange: Exchange, fromMs: number, timeoutMs: number): void {
    exchange.setDeadline(fromMs, timeoutMs)
    this.#deadlines.watch(exchange.deadlineAtMs)
  }
}

/**
 * Tells an error when Node has handed the request over, because only then is known whether it is whole, so that its
 * connection may stay.
 */
function failSoon(exchange: Exchange, error: unknown): void {
  const told =
    error instanceof RouterError ? error : new RouterError('invoke_failed', String(error), { cause: error })
  queueMicrotask(() => exchange.fail(told))
}

/** What `X-Amz-Tenant-Id` may hold, from the Invoke API's model. */
const TENANT_ID = /^[a-zA-Z0-9._:/=+\-@ ]{1,256}$/

function tenantOf(route: Route, source: KeySource): string | undefined {
  if (route.tenant === undefined) return undefined
  const values = valuesOf(route.tenant, source)
  const tenantId = values?.length === 1 ? values[0] : undefined
  if (tenantId !== undefined && TENANT_ID.test(tenantId)) return tenantId
  throw new RouterError('bad_request', `no usable tenant id in ${route.tenant.kind}:${route.tenant.name}`)
}
