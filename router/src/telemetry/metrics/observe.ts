import { performance } from 'node:perf_hooks'
import type { Meter, ObservableGauge } from '@opentelemetry/api'
import { METRICS, type MetricName } from './definitions.ts'
import { type LabelledRoute, RouteLabels } from './labels.ts'

/** Figures of one route at a moment. */
export interface RouteFigures {
  queueDepth: number
  pendingInvocations: number
  inflightInvocations: number
  batchKeys: number
}

/** The router, as far as gauges read it. */
export interface Observed {
  readonly figures: { inflightRequests: number }
  routeFigures(): (RouteFigures & { route: LabelledRoute })[]
}

/** Sets up what is read when somebody collects, and costs nothing in between. */
export function observeMetrics(meter: Meter, router: Observed): void {
  const labels = new Map<LabelledRoute, RouteLabels>()
  const labelsOf = (route: LabelledRoute): RouteLabels => {
    const known = labels.get(route) ?? new RouteLabels(route)
    labels.set(route, known)
    return known
  }
  const queueDepth = gauge(meter, 'lpr.queue.depth')
  const pending = gauge(meter, 'lpr.pending.invocations')
  const inflight = gauge(meter, 'lpr.inflight.invocations')
  const keys = gauge(meter, 'lpr.batch.keys')
  const requests = gauge(meter, 'lpr.inflight.requests')
  meter.addBatchObservableCallback(
    (result) => {
      result.observe(requests, router.figures.inflightRequests)
      for (const {
        route,
        queueDepth: depth,
        pendingInvocations,
        inflightInvocations,
        batchKeys,
      } of router.routeFigures()) {
        const { base } = labelsOf(route)
        result.observe(queueDepth, depth, base)
        result.observe(pending, pendingInvocations, base)
        result.observe(inflight, inflightInvocations, base)
        result.observe(keys, batchKeys, base)
      }
    },
    [queueDepth, pending, inflight, keys, requests],
  )
  observeProcess(meter)
}

function observeProcess(meter: Meter): void {
  const { unit, description } = METRICS['process.cpu.time']
  meter.createObservableCounter('process.cpu.time', { unit, description }).addCallback((result) => {
    const { user, system } = process.cpuUsage()
    result.observe(user / 1e6, { 'cpu.mode': 'user' })
    result.observe(system / 1e6, { 'cpu.mode': 'system' })
  })
  gauge(meter, 'process.memory.usage').addCallback((result) => result.observe(process.memoryUsage.rss()))
  let before = performance.eventLoopUtilization()
  gauge(meter, 'nodejs.eventloop.utilization').addCallback((result) => {
    const now = performance.eventLoopUtilization()
    result.observe(performance.eventLoopUtilization(now, before).utilization)
    before = now
  })
}

function gauge(meter: Meter, name: MetricName): ObservableGauge {
  const { unit, description } = METRICS[name]
  return meter.createObservableGauge(name, { unit, description })
}
