import { dotChart } from '../../plot/dot-chart.ts'
import { lineChart } from '../../plot/line-chart.ts'
import { Histogram } from '../load/histogram.ts'
import type { ScenarioResult } from '../measure.ts'
import { costOfMillion, directCostOfMillion } from './cost.ts'
import { FIGURES, type Figure, samplesOf, subjectsIn, valuesOf } from './figures.ts'
import { spreadOf } from './statistics.ts'

/** Assumptions of the estimate: a function of half a GB, and a container that is busy half of the time. */
const COST_ASSUMPTIONS = { memoryGb: 0.5, utilisation: 0.5 }

/** Every chart that the results have data for, by file name. */
export function charts(results: ScenarioResult[]): Record<string, string> {
  const made = {
    'latency.svg': latencyChart(results),
    'throughput-latency.svg': loadChart(results),
    'batch-sizes.svg': batchSizeChart(results),
    'cpu-per-request.svg': figureChart(
      results,
      'cpuUsPerRequest',
      'CPU per request',
      'µs, median of the rounds',
    ),
    'invocations-per-request.svg': figureChart(
      results,
      'invocationsPerRequest',
      'Invocations per request',
      'invocations, median of the rounds',
    ),
    'cost.svg': costChart(results),
  }
  return Object.fromEntries(Object.entries(made).filter(([, svg]) => svg !== undefined)) as Record<
    string,
    string
  >
}

/** Shares of the requests on a scale on which every further nine is as wide as the one before. */
const SHARES = [0.1, 0.5, 0.75, 0.9, 0.95, 0.99, 0.995, 0.999]

function latencyChart(results: ScenarioResult[]): string | undefined {
  const series = results
    .filter(({ scenario }) => scenario.plan.kind !== 'closed')
    .flatMap((result) =>
      subjectsIn(result).map((subject) => {
        const all = Histogram.from(...samplesOf(result, subject).map(({ load }) => load.latency))
        const points = SHARES.map((share): [number, number] => [1 / (1 - share), all.percentileMs(share)])
        return { name: nameOf(result, subject), points: points.filter(([, ms]) => ms > 0) }
      }),
    )
    .filter(({ points }) => points.length > 0)
  if (series.length === 0) return undefined
  return lineChart({
    title: 'Latency from the intended send',
    x: { label: 'one request in so many takes longer', log: true },
    y: { label: 'ms', log: true },
    series,
  })
}

function loadChart(results: ScenarioResult[]): string | undefined {
  const steps = results.filter(({ scenario }) => scenario.plan.kind === 'share')
  if (steps.length < 2) return undefined
  const lines = (figure: Figure, label: string) =>
    subjectsIn(steps[0] as ScenarioResult).map((subject) => ({
      name: `${subject} ${label}`,
      points: steps.map((step): [number, number] => {
        const median = (which: Figure): number =>
          spreadOf(samplesOf(step, subject).map((sample) => FIGURES[which](sample))).median
        return [median('requestsPerSecond'), median(figure)]
      }),
    }))
  return lineChart({
    title: 'Throughput against latency',
    x: { label: 'requests per second', include: [0] },
    y: { label: 'ms', include: [0] },
    series: [...lines('p50Ms', 'p50'), ...lines('p99Ms', 'p99')],
  })
}

function batchSizeChart(results: ScenarioResult[]): string | undefined {
  const series = results
    .filter(({ scenario }) => scenario.plan.kind !== 'closed')
    .map((result) => ({ name: nameOf(result, 'router'), points: sizesOf(result) }))
    .filter(({ points }) => points.length > 0)
  if (series.length === 0) return undefined
  return lineChart({
    title: 'Batch sizes',
    x: { label: 'requests in the invocation', include: [0] },
    y: { label: '% of invocations', include: [0] },
    series,
  })
}

function sizesOf(result: ScenarioResult): [number, number][] {
  const counts = new Map<number, number>()
  for (const sample of samplesOf(result, 'router')) {
    for (const [size, count] of sample.function.sizes) counts.set(size, (counts.get(size) ?? 0) + count)
  }
  const total = [...counts.values()].reduce((sum, count) => sum + count, 0)
  return [...counts].sort(([a], [b]) => a - b).map(([size, count]) => [size, (100 * count) / total])
}

/** A row for each scenario, a dot for each subject; those that did not take part are drawn where the router is. */
function figureChart(
  results: ScenarioResult[],
  figure: Figure,
  title: string,
  label: string,
): string | undefined {
  const subjects = [...new Set(results.flatMap(subjectsIn))]
  const rows = results
    .map((result) => ({
      name: result.scenario.name,
      values: subjects.map(
        (subject) => spreadOf(valuesOf([result], result.scenario.name, subject, figure)).median,
      ),
    }))
    .map(({ name, values }) => ({
      name,
      values: values.map((value) => (value > 0 ? value : (values[0] ?? 0))),
    }))
    .filter(({ values }) => values.every((value) => value > 0))
  return rows.length === 0 ? undefined : dotChart({ title, x: { label, log: true }, series: subjects, rows })
}

function costChart(results: ScenarioResult[]): string | undefined {
  const rows = costs(results).map(({ scenario, router, direct }) => ({
    name: scenario,
    values: [router, direct],
  }))
  if (rows.length === 0) return undefined
  const x = { label: 'US dollars a million requests', include: [0] }
  return dotChart({ title: 'Estimated cost', x, series: ['router', 'direct'], rows })
}

export interface ScenarioCost {
  scenario: string
  /** US dollars a million requests. */
  router: number
  direct: number
}

/** What each scenario would cost on AWS, with the router and with an invocation for each request. */
export function costs(results: ScenarioResult[]): ScenarioCost[] {
  return results.flatMap(({ scenario }) => {
    const median = (figure: Figure): number =>
      spreadOf(valuesOf(results, scenario.name, 'router', figure)).median
    const facts = {
      ...COST_ASSUMPTIONS,
      functionMs: functionMs(scenario.answer),
      invocationsPerRequest: median('invocationsPerRequest'),
      routerCpuUsPerRequest: median('cpuUsPerRequest'),
    }
    const router = costOfMillion(facts)
    return Number.isFinite(router)
      ? [{ scenario: scenario.name, router, direct: directCostOfMillion(facts) }]
      : []
  })
}

function functionMs({ serviceMs, events }: ScenarioResult['scenario']['answer']): number {
  return serviceMs + (events === undefined ? 0 : events.count * events.intervalMs)
}

function nameOf({ scenario }: ScenarioResult, subject: string): string {
  return subject === 'router' ? scenario.name : `${scenario.name} ${subject}`
}
