import { dotChart } from '../plot/dot-chart.ts'
import { lineChart } from '../plot/line-chart.ts'
import { PRICES_MS, type Results } from './results.ts'
import { find, type Standing } from './study.ts'

const POLICIES: Standing['policy'][] = ['gap-stop', 'best fixed', 'best sigmoid', 'area rule']

export function ratiosChart({ standings, patterns }: Results): string {
  const shown = POLICIES.slice(0, 3)
  const rows = patterns.map((name, index) => ({
    name,
    values: shown.map((policy) => find(standings, policy, 64, 50)?.ratios[index] ?? Number.NaN),
  }))
  const x = { label: 'cost over the clairvoyant optimum', include: [1] }
  return dotChart({
    title: 'One setting for all patterns, K = 50 ms, maxBatchSize 64',
    x,
    series: shown,
    rows,
  })
}

export function meansChart({ standings }: Results): string {
  const series = POLICIES.map((policy) => ({
    name: policy,
    points: PRICES_MS.map((price): [number, number] => [
      price,
      find(standings, policy, 64, price)?.geometricMean ?? Number.NaN,
    ]),
  }))
  return lineChart({
    title: 'Cost over the optimum, geometric mean of all patterns, maxBatchSize 64',
    x: { label: 'K, the price of an invocation in ms', log: true },
    y: { label: 'cost over the optimum', include: [1] },
    series,
  })
}

export function frontierChart({ frontier }: Results): string {
  const points = (from: Results['frontier']['fixed']): [number, number][] =>
    from.filter(({ meanWaitMs }) => meanWaitMs >= 0.5).map((p) => [p.meanWaitMs, p.invocationsPerRequest])
  return lineChart({
    title: 'What waiting buys: all patterns, maxBatchSize 64',
    x: { label: 'mean wait in ms', log: true },
    y: { label: 'invocations per request', include: [0] },
    series: [
      { name: 'gap-stop', points: points(frontier.gapStop) },
      { name: 'one fixed window', points: points(frontier.fixed) },
    ],
  })
}
