import type { TwoCoresReport } from '../cores/two-cores.ts'
import type { ScenarioResult } from '../measure.ts'
import { type AimLine, aims } from './aims.ts'
import { costs } from './charts.ts'
import { type Figure, samplesOf, subjectsIn, valuesOf } from './figures.ts'
import type { Machine } from './machine.ts'
import { ratioOf, rounded, show, spreadOf } from './statistics.ts'

export interface Run {
  name: string
  startedAt: string
  machine: Machine
  rounds: number
  pace: number
  /** Undefined on a machine of one core. */
  cores: TwoCoresReport | undefined
  results: ScenarioResult[]
}

/** Readable on a terminal and as a page. */
export function summary(run: Run): string {
  const { machine, rounds, results } = run
  return [
    `# Benchmark ${run.name}`,
    `${run.startedAt}, ${machine.cores} cores of ${machine.cpu}, ${machine.memoryGb} GB, Linux ${machine.kernel}, ` +
      `Node ${machine.node}, commit ${machine.git}. Load before the run: ${rounded(machine.loadBefore)}.`,
    `${rounds} rounds a scenario, in which the subjects took turns. Figures are medians, with the lowest and the ` +
      'highest round in parentheses; ratios are taken round by round. CPU is user and system time of the process.',
    coresLine(run.cores),
    ...failureLines(results),
    '## Aims',
    aimTable(aims(results)),
    ...floorSection(results),
    '## Scenarios',
    scenarioTable(results),
    '## Estimated cost',
    'US dollars a million requests, prices of us-east-1, 512 MB, the router on Fargate and busy half of the time.',
    costTable(results),
    ...results.flatMap(profileSection),
    '',
  ].join('\n\n')
}

/** Requests that were neither answered nor refused; figures of such rounds are of something else than was meant. */
export function failuresIn(
  results: ScenarioResult[],
): { scenario: string; subject: string; failed: number }[] {
  return results.flatMap((result) =>
    subjectsIn(result)
      .map((subject) => ({ scenario: result.scenario.name, subject, failed: failedOf(result, subject) }))
      .filter(({ failed }) => failed > 0),
  )
}

function failureLines(results: ScenarioResult[]): string[] {
  const failures = failuresIn(results).map(
    ({ scenario, subject, failed }) => `${failed} of ${subject} in ${scenario}`,
  )
  return failures.length === 0
    ? []
    : [`**Requests have failed**, so these figures do not count: ${failures.join(', ')}.`]
}

function failedOf(result: ScenarioResult, subject: string): number {
  return samplesOf(result, subject).reduce((sum, { load }) => sum + load.failed, 0)
}

/** Two cores of a virtual machine may be hardly more than one, for a second or for minutes. */
function coresLine(cores: TwoCoresReport | undefined): string {
  if (cores === undefined) return 'On one core, which subject, function and load generator share.'
  const { waitedMs, repeated, shared } = cores
  if (waitedMs + repeated + shared === 0) return 'The two cores were two at all times.'
  return (
    `At times the two cores were hardly more than one. Waited for that: ${Math.round(waitedMs / 1000)} s. Rounds of a subject that ` +
    `were measured again: ${repeated}; that count all the same: ${shared}.`
  )
}

function table(head: string[], rows: string[][]): string {
  const lines = [head, head.map(() => '---'), ...rows]
  return lines.map((cells) => `| ${cells.join(' | ')} |`).join('\n')
}

function aimTable(lines: AimLine[]): string {
  return table(
    ['figure', 'measured', 'aim', ''],
    lines.map(({ what, measured, aim, verdict }) => [what, measured, aim, verdict]),
  )
}

/** The scenarios that have floors, with the figures that there are some for. */
const FLOORS: [scenario: string, what: string, figure: Figure, unit: string][] = [
  ['floor-b16', 'CPU per request, batches of 16', 'cpuUsPerRequest', ' µs'],
  ['floor-load', 'CPU per request at 4000 a second', 'cpuUsPerRequest', ' µs'],
  ['floor-load', 'p99 beyond window and function at 4000 a second', 'addedP99Ms', ' ms'],
  ['floor-inflight', 'resident memory with 4096 requests in flight', 'rssMb', ' MB'],
  ['floor-sse', 'p99 added to the first byte, 1000 SSE clients', 'addedP99Ms', ' ms'],
  ['floor-sse', 'CPU per stream', 'cpuUsPerRequest', ' µs'],
]

/** Nothing when no such scenario ran. */
function floorSection(results: ScenarioResult[]): string[] {
  const rows = FLOORS.filter(([scenario]) => valuesOf(results, scenario, 'least', 'rssMb').length > 0).map(
    ([scenario, what, figure, unit]) => {
      const calling = [
        valuesOf(results, scenario, 'router', figure),
        valuesOf(results, scenario, 'least', figure),
      ]
      // Where nothing waits, who takes no time is the one to compare with.
      const answering = ['alone', 'bare'].flatMap((subject) => valuesOf(results, scenario, subject, figure))
      return [what, ...[...calling, answering].map((values) => show(spreadOf(values)) + unit)]
    },
  )
  if (rows.length === 0) return []
  const about =
    'Beside the router, in the same rounds: the least that a `node:http` server can do and still batch, with calls like ' +
    'those of the router; and one that takes the time of the function and answers itself, without a call or a batch.'
  return ['## Floors', about, table(['figure', 'router', 'least', 'no call'], rows)]
}

function scenarioTable(results: ScenarioResult[]): string {
  const rows = results.flatMap((result) =>
    subjectsIn(result).map((subject) => [result.scenario.name, subject, ...cells(results, result, subject)]),
  )
  const head = [
    'scenario',
    'subject',
    'CPU µs/request',
    'user',
    'over bare',
    'requests/s',
    'invocations/request',
  ]
  return table([...head, 'p50 ms', 'p99 ms', 'generator late p99 ms', 'RSS MB', 'failed'], rows)
}

function cells(results: ScenarioResult[], result: ScenarioResult, subject: string): string[] {
  const { name } = result.scenario
  const values = (figure: Figure, of = subject): number[] => valuesOf(results, name, of, figure)
  const bare =
    subject === 'bare' ? '1' : show(ratioOf(values('cpuUsPerRequest'), values('cpuUsPerRequest', 'bare')))
  return [
    show(spreadOf(values('cpuUsPerRequest')), 1),
    rounded(spreadOf(values('userUsPerRequest')).median, 1),
    bare,
    rounded(spreadOf(values('requestsPerSecond')).median, 0),
    rounded(spreadOf(values('invocationsPerRequest')).median, 3),
    rounded(spreadOf(values('p50Ms')).median),
    rounded(spreadOf(values('p99Ms')).median),
    rounded(spreadOf(values('latenessP99Ms')).median),
    rounded(spreadOf(values('rssMb')).median, 0),
    String(failedOf(result, subject)),
  ]
}

function costTable(results: ScenarioResult[]): string {
  return table(
    ['scenario', 'router and Lambda', 'an invocation a request', 'ratio'],
    costs(results).map(({ scenario, router, direct }) => [
      scenario,
      router.toFixed(3),
      direct.toFixed(3),
      (router / direct).toFixed(2),
    ]),
  )
}

function profileSection({ scenario, profiles }: ScenarioResult): string[] {
  return Object.entries(profiles).flatMap(([subject, { busyMs, functions }]) => [
    `## Profile of ${subject} in ${scenario.name}`,
    `Self time of ${rounded(busyMs, 0)} ms of CPU.`,
    table(
      ['function', 'ms', '%'],
      functions.map(({ name, selfMs, share }) => [
        `\`${name}\``,
        selfMs.toFixed(1),
        (100 * share).toFixed(1),
      ]),
    ),
  ])
}
