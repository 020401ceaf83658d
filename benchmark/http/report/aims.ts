import type { ScenarioResult } from '../measure.ts'
import { type Figure, samplesOf, valuesOf } from './figures.ts'
import { ratioOf, rounded, type Spread, show, spreadOf } from './statistics.ts'

/** A figure that the project has set itself an aim for. Nothing fails when it is missed: machines differ. */
export interface AimLine {
  what: string
  measured: string
  aim: string
  /** `-` when the scenarios it needs did not run. */
  verdict: 'met' | 'missed' | '-'
}

/** The figures of the router, with what they are meant to be. */
export function aims(results: ScenarioResult[], subject = 'router'): AimLine[] {
  const values = (scenario: string, figure: Figure, of = subject): number[] =>
    valuesOf(results, scenario, of, figure)
  const cpu = 'cpuUsPerRequest'
  return [
    line(
      'CPU per request at batch 16, buffered, 1 KiB, over bare node:http',
      ratioOf(values('buffered-b16', cpu), values('buffered-b16', cpu, 'bare')),
      { atMost: 1.8, unit: '' },
    ),
    line('CPU per invocation, SDK path included', spreadOf(perInvocation(values)), {
      atMost: 150,
      unit: ' µs',
    }),
    line('p99 beyond window and function at half of saturation', spreadOf(values('load-50', 'addedP99Ms')), {
      atMost: 2,
      unit: ' ms',
    }),
    line('resident memory with 4096 requests in flight', spreadOf(values('inflight-4096', 'rssMb')), {
      atMost: 150,
      unit: ' MB',
    }),
    line('p99 added to the first byte, 1000 SSE clients', spreadOf(values('sse-1000', 'addedP99Ms')), {
      atMost: 5,
      unit: ' ms',
    }),
    line('CPU with access log and metrics, above both off', moreOf(values, 'observed'), {
      atMost: 15,
      unit: ' %',
    }),
    line('CPU with traces of 1 % besides, above all off', moreOf(values, 'traced'), {
      atMost: 25,
      unit: ' %',
    }),
    ...['overload-2x', 'overload-5x'].flatMap((scenario) => overload(results, scenario, values, subject)),
  ]
}

/**
 * What an invocation costs beyond the requests in it: batches of 1 and of 16 differ by 15/16 of an invocation a request
 * and in nothing else.
 */
function perInvocation(values: (scenario: string, figure: Figure) => number[]): number[] {
  const [alone, full] = ['buffered-b1', 'buffered-b16']
  const few = values(full ?? '', 'cpuUsPerRequest')
  const fewInvocations = values(full ?? '', 'invocationsPerRequest')
  const manyInvocations = values(alone ?? '', 'invocationsPerRequest')
  return values(alone ?? '', 'cpuUsPerRequest').map(
    (us, round) =>
      (us - (few[round] ?? Number.NaN)) /
      ((manyInvocations[round] ?? Number.NaN) - (fewInvocations[round] ?? Number.NaN)),
  )
}

/** By how many percent a watched router uses more CPU than one that nobody watches, round by round. */
function moreOf(
  values: (scenario: string, figure: Figure, of?: string) => number[],
  watched: string,
): Spread {
  const plain = values('buffered-b16', 'cpuUsPerRequest')
  return spreadOf(
    values('buffered-b16', 'cpuUsPerRequest', watched).map(
      (us, round) => 100 * (us / (plain[round] ?? Number.NaN) - 1),
    ),
  )
}

function overload(
  results: ScenarioResult[],
  scenario: string,
  values: (scenario: string, figure: Figure) => number[],
  subject: string,
): AimLine[] {
  const goodput = spreadOf(values(scenario, 'requestsPerSecond'))
  const rates = ['overload-1x', 'overload-2x', 'overload-5x'].map(
    (name) => spreadOf(values(name, 'requestsPerSecond')).median,
  )
  // Those that did not run have none.
  const peak = Math.max(...rates.filter((rps) => rps > 0))
  const share = spreadOf(values(scenario, 'requestsPerSecond').map((rps) => (100 * rps) / peak))
  const samples = samplesOf(
    results.find((result) => result.scenario.name === scenario),
    subject,
  )
  const rejected = samples.reduce((sum, { load }) => sum + load.rejected, 0)
  const withRetryAfter = samples.reduce((sum, { load }) => sum + load.rejectedWithRetryAfter, 0)
  const told = samples.length === 0 ? Number.NaN : (100 * withRetryAfter) / Math.max(1, rejected)
  return [
    line(`${scenario}: goodput over its peak (${rounded(goodput.median, 0)}/s)`, share, {
      atLeast: 90,
      unit: ' %',
    }),
    line(`${scenario}: p99 of rejections`, spreadOf(values(scenario, 'rejectionP99Ms')), {
      atMost: 50,
      unit: ' ms',
    }),
    line(`${scenario}: rejections with Retry-After`, spreadOf([told]), { atLeast: 100, unit: ' %' }),
    line(`${scenario}: resident memory`, spreadOf(values(scenario, 'rssMb')), { atMost: 150, unit: ' MB' }),
  ]
}

function line(
  what: string,
  spread: Spread,
  { atMost, atLeast, unit }: { atMost?: number; atLeast?: number; unit: string },
): AimLine {
  const aim = atMost === undefined ? `at least ${atLeast}${unit}` : `at most ${atMost}${unit}`
  if (Number.isNaN(spread.median)) return { what, measured: '-', aim, verdict: '-' }
  const { median } = spread
  const met =
    median <= (atMost ?? Number.POSITIVE_INFINITY) && median >= (atLeast ?? Number.NEGATIVE_INFINITY)
  return { what, measured: show(spread) + unit, aim, verdict: met ? 'met' : 'missed' }
}
