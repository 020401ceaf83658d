import { textTable } from '../output.ts'
import type { RouteInfo } from '../stack/routes.ts'
import type { RoutePlan } from './plan.ts'
import { isEventStream, type ProbeResult } from './probe.ts'

/** What a route did, over all its requests. */
export interface RouteReport {
  method: string
  path: string
  invokeMode: RouteInfo['invokeMode']
  requests: number
  /** How many answers had each status. */
  statuses: Record<string, number>
  /** Largest batch seen; 0 when no answer told its batch size. */
  batchSize: number
  medianWaitMs?: number
  medianMs: number
  medianFirstByteMs?: number
  /** Fewest HTTP chunks in which a streamed body came, and fewest events in one. */
  chunks?: number
  events?: number
  /** Why the route is not right; empty when it is. */
  problems: string[]
  /** Why the route was not probed. */
  skipped?: string
}

/** Judges the answers of one route. */
export function reportRoute(plan: RoutePlan, results: ProbeResult[]): RouteReport {
  const { route } = plan
  const waits = numbers(results.map(({ batchWaitMs }) => batchWaitMs))
  const firstBytes = numbers(results.map(({ firstByteMs }) => firstByteMs))
  const streamed = route.invokeMode === 'response_stream'
  const eventStreams = results.filter(({ contentType }) => isEventStream(contentType))
  return {
    method: plan.method,
    path: route.path,
    invokeMode: route.invokeMode,
    requests: results.length,
    statuses: countBy(results.map(({ status }) => status)),
    batchSize: largestBatch(results),
    ...(waits.length > 0 ? { medianWaitMs: median(waits) } : {}),
    medianMs: median(results.map(({ totalMs }) => totalMs)),
    ...(firstBytes.length > 0 ? { medianFirstByteMs: median(firstBytes) } : {}),
    ...(streamed ? { chunks: Math.min(...results.map(({ chunks }) => chunks)) } : {}),
    ...(eventStreams.length > 0 ? { events: Math.min(...eventStreams.map(({ events }) => events)) } : {}),
    problems: problemsOf(plan, results, eventStreams),
  }
}

/** The report of a route whose function is not run. */
export function reportSkipped({ method, route }: RoutePlan, reason: string): RouteReport {
  const { path, invokeMode } = route
  const none = { requests: 0, statuses: {}, batchSize: 0, medianMs: 0 }
  return { method, path, invokeMode, ...none, problems: [], skipped: reason }
}

/** The largest batch that the answers tell of; 0 when none tells. */
export function largestBatch(results: ProbeResult[]): number {
  return Math.max(0, ...numbers(results.map(({ batchSize }) => batchSize)))
}

/** The reports for people: a table, then what is wrong. */
export function reportText(reports: RouteReport[]): string {
  const header = [
    'ROUTE',
    'MODE',
    'REQUESTS',
    'STATUS',
    'BATCH',
    'WAIT MS',
    'TIME MS',
    'FIRST BYTE MS',
    'CHUNKS',
    'EVENTS',
    '',
  ]
  const rows = reports.map((report) => [
    `${report.method} ${report.path}`,
    report.invokeMode,
    String(report.requests),
    Object.keys(report.statuses).join(','),
    String(report.batchSize),
    milliseconds(report.medianWaitMs),
    milliseconds(report.medianMs),
    report.chunks === undefined ? '-' : milliseconds(report.medianFirstByteMs),
    String(report.chunks ?? '-'),
    String(report.events ?? '-'),
    verdict(report),
  ])
  const problems = reports.flatMap((report) =>
    report.problems.map((problem) => `${report.method} ${report.path}: ${problem}`),
  )
  const skipped = reports.flatMap(({ method, path, skipped: reason }) =>
    reason === undefined ? [] : [`${method} ${path} skipped: ${reason}`],
  )
  return [textTable(header, rows), ...problems, ...skipped].join('\n')
}

function verdict({ problems, skipped }: RouteReport): string {
  if (skipped !== undefined) return 'skipped'
  return problems.length === 0 ? 'ok' : 'FAILED'
}

function problemsOf(plan: RoutePlan, results: ProbeResult[], eventStreams: ProbeResult[]): string[] {
  const problems = results.flatMap(({ status, errorCode, failure }) => {
    if (failure !== undefined) return [failure]
    if (errorCode !== undefined) return [`the router answered ${status} ${errorCode}`]
    return status < 200 || status > 499 ? [`the function answered ${status}, expected 200 to 499`] : []
  })
  if (results.length === 0) problems.push('no request was sent')
  if (plan.batches && problems.length === 0 && largestBatch(results) < 2) {
    problems.push(`no batch of more than one formed, expected up to ${plan.route.maxBatchSize}`)
  }
  if (eventStreams.some(({ chunks }) => chunks < 2)) {
    problems.push('an event stream came in one chunk, expected its events one by one')
  }
  return Object.entries(countBy(problems)).map(([problem, count]) =>
    count > 1 ? `${problem} (${count} times)` : problem,
  )
}

function countBy(values: (string | number)[]): Record<string, number> {
  const counts: Record<string, number> = {}
  for (const value of values) counts[value] = (counts[value] ?? 0) + 1
  return counts
}

function numbers(values: (number | undefined)[]): number[] {
  return values.filter((value): value is number => value !== undefined)
}

function median(values: number[]): number {
  const sorted = [...values].sort((a, b) => a - b)
  return Math.round(sorted[Math.floor(sorted.length / 2)] ?? 0)
}

function milliseconds(value: number | undefined): string {
  return value === undefined ? '-' : String(value)
}
