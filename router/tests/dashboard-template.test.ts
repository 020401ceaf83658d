import { readFileSync } from 'node:fs'
import { ERROR_KINDS } from '../src/index.ts'
import { METRICS } from '../src/telemetry/metrics/definitions.ts'
import { prometheusName } from '../src/telemetry/metrics/prometheus.ts'

const template = readFileSync(new URL('../../sam/observability.yaml', import.meta.url), 'utf8')

/** The dashboard as CloudWatch gets it, parameters replaced by their names. */
function dashboard(): { widgets: { properties: { metrics: unknown[][] } }[] } {
  const [, block = ''] = template.split('DashboardBody: !Sub |\n')
  return JSON.parse(block.replaceAll(/\$\{[\w:]+\}/g, 'x'))
}

/** Each metric of a widget in full: `...` and `.` stand for what the one before has. */
function metricsOf(rows: unknown[][]): string[][] {
  let before: string[] = []
  return rows.map((row) => {
    const texts = row.filter((entry): entry is string => typeof entry === 'string')
    const own = texts[0] === '...' ? texts.slice(1) : texts
    const full = texts[0] === '...' ? [...before.slice(0, before.length - own.length), ...own] : own
    before = full.map((entry, index) => (entry === '.' ? (before[index] ?? '') : entry))
    return before
  })
}

const shown = dashboard().widgets.flatMap(({ properties }) => metricsOf(properties.metrics))
const emitted = new Set(
  Object.entries(METRICS).map(
    ([name, { kind, unit }]) => prometheusName(name, unit) + (kind === 'counter' ? '_total' : ''),
  ),
)
const alarmed = [...template.matchAll(/MetricName: (\w+)/g)].map(([, name = '']) => name)

test('dashboard and alarms ask for metrics that there are', () => {
  expect(shown.length).toBeGreaterThan(20)
  expect(alarmed.length).toBeGreaterThan(5)
  expect([...shown.map(([, name = '']) => name), ...alarmed].filter((name) => !emitted.has(name))).toEqual([])
})

/** What the dimension beside the service may be. */
const VALUES: Record<string, string[]> = {
  status_class: ['2xx', '3xx', '4xx', '5xx'],
  flush_reason: ['size', 'window', 'payload', 'drain', 'immediate'],
  outcome: ['throttle', 'function_error', 'transport', 'rejected'],
  code: Object.keys(ERROR_KINDS),
}

test('every dimension is one that the Embedded Metric Format has', () => {
  for (const [, , service, , own, value] of shown) {
    expect(service).toBe('service_name')
    if (own !== undefined) expect(VALUES[own]).toContain(value)
  }
  const pairs = [...template.matchAll(/\{ Name: (\w+), Value: (\w+) \}/g)]
  expect(pairs.length).toBeGreaterThan(3)
  for (const [, name = '', value] of pairs) expect(VALUES[name]).toContain(value)
})
