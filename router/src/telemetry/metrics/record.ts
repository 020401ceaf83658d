import type { Meter } from '@opentelemetry/api'
import { ERROR_KINDS } from '../../errors.ts'
import { hasStrays, type StrayRecords } from '../../invoke/delivery.ts'
import type {
  InvocationEnded,
  InvocationStarted,
  RequestEnded,
  RequestRejected,
  Retried,
  Telemetry,
} from '../events.ts'
import { errorType } from '../outcome.ts'
import { METRICS, type MetricName } from './definitions.ts'
import { Distribution, type DistributionProducer } from './distribution.ts'
import { type LabelledRoute, RouteLabels } from './labels.ts'
import { Tally } from './tally.ts'

/** Subscribes what is counted and measured as it happens. */
export function recordMetrics(
  telemetry: Telemetry,
  meter: Meter,
  producers: DistributionProducer[],
  routes: LabelledRoute[],
): void {
  const recorder = new Recorder(meter, producers, routes)
  telemetry.requestEnded.subscribe((event) => recorder.requestEnded(event))
  telemetry.requestRejected.subscribe((event) => recorder.requestRejected(event))
  telemetry.invocationStarted.subscribe((event) => recorder.invocationStarted(event))
  telemetry.invocationEnded.subscribe((event) => recorder.invocationEnded(event))
  telemetry.retried.subscribe((event) => recorder.retried(event))
}

class Recorder {
  readonly #routes: Map<string, RouteLabels>
  readonly #noRoute = new RouteLabels()
  readonly #requestDuration: Distribution
  readonly #batchSize: Distribution
  readonly #batchWait: Distribution
  readonly #invokeDuration: Distribution
  readonly #batches: Tally
  readonly #items: Tally
  readonly #rejected: Tally
  readonly #retries: Tally
  readonly #resets: Tally
  readonly #strays: Tally

  constructor(meter: Meter, producers: DistributionProducer[], routes: LabelledRoute[]) {
    this.#routes = new Map(routes.map((route) => [route.routeKey, new RouteLabels(route)]))
    this.#requestDuration = new Distribution('http.server.request.duration', producers)
    this.#batchSize = new Distribution('lpr.batch.size', producers)
    this.#batchWait = new Distribution('lpr.batch.wait', producers)
    this.#invokeDuration = new Distribution('lpr.invoke.duration', producers)
    this.#batches = tally(meter, 'lpr.batches')
    this.#items = tally(meter, 'lpr.items')
    this.#rejected = tally(meter, 'lpr.rejected')
    this.#retries = tally(meter, 'lpr.retries')
    this.#resets = tally(meter, 'lpr.stream.resets')
    this.#strays = tally(meter, 'lpr.stray.records')
  }

  requestEnded(event: RequestEnded): void {
    if (event.probe) return
    const labels = this.#labels(event.routeKey)
    const error = errorType(event)
    this.#requestDuration.record(event.durationMs / 1000, labels.http(event.method, event.status, error))
    if (event.batchId !== undefined) this.#items.add(1, labels.and('outcome', itemOutcome(event)))
    else if (event.code !== undefined && isRefusal(event.code))
      this.#rejected.add(1, labels.and('code', event.code))
    if (event.outcome === 'reset') this.#resets.add(1, labels.base)
  }

  requestRejected({ code }: RequestRejected): void {
    this.#rejected.add(1, this.#noRoute.and('code', code))
  }

  invocationStarted({
    routeKey,
    attempt,
    bisectedFrom,
    batchSize,
    flushReason,
    items,
  }: InvocationStarted): void {
    // A retry and a half of a failed batch hold requests that have been counted.
    if (attempt > 1 || bisectedFrom !== undefined) return
    const labels = this.#labels(routeKey)
    this.#batches.add(1, labels.and('flush_reason', flushReason))
    this.#batchSize.record(batchSize, labels.base)
    for (const { waitMs } of items) this.#batchWait.record(waitMs / 1000, labels.base)
  }

  invocationEnded({ routeKey, durationMs, outcome, stray }: InvocationEnded): void {
    const labels = this.#labels(routeKey)
    this.#invokeDuration.record(durationMs / 1000, labels.and('outcome', outcome))
    if (hasStrays(stray)) this.#countStrays(stray, labels)
  }

  #countStrays(stray: StrayRecords, labels: RouteLabels): void {
    for (const kind of ['malformed', 'unknown', 'late'] as const) {
      if (stray[kind] > 0) this.#strays.add(stray[kind], labels.and('kind', kind))
    }
  }

  retried({ routeKey, failure }: Retried): void {
    this.#retries.add(1, this.#labels(routeKey).and('failure', failure))
  }

  #labels(routeKey: string | undefined): RouteLabels {
    return (routeKey === undefined ? undefined : this.#routes.get(routeKey)) ?? this.#noRoute
  }
}

function tally(meter: Meter, name: MetricName): Tally {
  const { unit, description } = METRICS[name]
  return new Tally(meter, name, { unit, description })
}

function itemOutcome({ code, outcome }: RequestEnded): string {
  return code ?? (outcome === 'sent' ? 'ok' : outcome)
}

/** Whether the router refused a request for its own or the client's reasons, and no function had a part in it. */
function isRefusal(code: NonNullable<RequestEnded['code']>): boolean {
  const { fault } = ERROR_KINDS[code]
  return fault === 'client' || fault === 'router'
}
