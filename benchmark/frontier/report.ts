import { dotChart } from '../plot/dot-chart.ts'
import { lineChart } from '../plot/line-chart.ts'
import { type AcceptanceLine, acceptance } from './acceptance.ts'
import { BATCH_SIZES, PRICES_MS, type Results } from './results.ts'
import type { Standing } from './study.ts'

const POLICIES: Standing['policy'][] = ['gap-stop', 'best fixed', 'best sigmoid', 'area rule']

/** Every file of a run, by name. */
export function report(results: Results): Record<string, string> {
  const lines = acceptance(results)
  return {
    'results.json': `${JSON.stringify({ ...results, acceptance: lines }, null, 1)}\n`,
    'summary.md': summary(results, lines),
    'ratios.svg': ratiosChart(results),
    'means.svg': meansChart(results),
    'frontier.svg': frontierChart(results),
  }
}

/** Readable on a terminal and as a page. */
export function summary(results: Results, lines: AcceptanceLine[]): string {
  const { requests, seed, node, expense } = results
  return `${[
    '# Adaptive wait against the clairvoyant optimum',
    `${requests} requests a pattern, seed ${seed}, ${node}. Simulated, but for the last table: no cold starts, no concurrency limits. K is the price of an invocation in ms of waiting (\`invocationPriceMs\`).`,
    '## What must hold',
    table(['', 'value', 'at most', 'holds'], lines.map(acceptanceRow)),
    '## One setting for all patterns: cost over the optimum',
    table(
      ['maxBatchSize', 'K', 'policy', 'setting', 'geometric mean', 'worst', 'cost against best fixed'],
      standingRows(results),
    ),
    '![means](means.svg)',
    ...BATCH_SIZES.flatMap((size) => [
      `## By pattern, maxBatchSize ${size}: gap-stop (best fixed)`,
      patternTable(results, size),
    ]),
    '![ratios](ratios.svg)',
    '## Invocations saved against the best common fixed window, at equal mean wait',
    table(
      ['mean wait', 'fewer invocations'],
      results.frontier.saved.map(({ meanWaitMs, percent }) => [
        `${meanWaitMs} ms`,
        `${percent.toFixed(1)} %`,
      ]),
    ),
    '![frontier](frontier.svg)',
    '## With the same cap on every wait: adaptive over fixed',
    table(
      ['maxWaitMs', 'K', 'invocations', 'worst pattern', 'mean wait'],
      results.capped.map((one) => [
        `${one.maxWaitMs}`,
        `${one.price}`,
        fixed(one.invocations),
        fixed(one.worstInvocations),
        fixed(one.meanWait),
      ]),
    ),
    '## Clients that wait for their answers',
    table(
      [
        'clients',
        'K',
        'mean added wait',
        'requests per invocation',
        'cost over the best fixed window for this very case',
      ],
      results.closed.map((one) => [
        one.name,
        `${one.priceMs}`,
        `${one.meanWaitMs.toFixed(3)} ms`,
        one.requestsPerInvocation.toFixed(2),
        `${fixed(one.overBestFixed)} (${one.bestFixed})`,
      ]),
    ),
    '## The first 20 requests of a key: cost over the optimum',
    table(['pattern', ...PRICES_MS.map((price) => `K ${price}`)], youngRows(results)),
    '## Expense of the policy',
    table(
      ['CPU a request', 'of the worst pattern', 'memory a key'],
      [
        [
          `${expense.cpuUs.toFixed(2)} µs`,
          `${expense.worstCpuUs.toFixed(2)} µs`,
          `${(expense.bytesPerKey / 1024).toFixed(1)} KiB`,
        ],
      ],
    ),
  ].join('\n\n')}\n`
}

function acceptanceRow({ what, value, atMost, holds }: AcceptanceLine): string[] {
  return [what, fixed(value), fixed(atMost), holds ? 'yes' : '**no**']
}

function standingRows({ standings }: Results): string[][] {
  return standings.map(({ maxBatchSize, priceMs, policy, setting, geometricMean, worst }) => {
    const base = standings.find(
      (s) => s.policy === 'best fixed' && s.maxBatchSize === maxBatchSize && s.priceMs === priceMs,
    )
    const against = geometricMean / (base?.geometricMean ?? Number.NaN)
    return [
      `${maxBatchSize}`,
      `${priceMs}`,
      policy,
      setting,
      fixed(geometricMean),
      fixed(worst),
      fixed(against),
    ]
  })
}

function patternTable({ standings, patterns }: Results, maxBatchSize: number): string {
  const of = (policy: Standing['policy'], priceMs: number, index: number): string =>
    fixed(find(standings, policy, maxBatchSize, priceMs)?.ratios[index] ?? Number.NaN)
  const rows = patterns.map((name, index) => [
    name,
    ...PRICES_MS.map((price) => `${of('gap-stop', price, index)} (${of('best fixed', price, index)})`),
  ])
  return table(['pattern', ...PRICES_MS.map((price) => `K ${price}`)], rows)
}

function youngRows({ youngKeys, patterns }: Results): string[][] {
  const rows = patterns.map((name, index) => [
    name,
    ...youngKeys.map(({ ratios }) => fixed(ratios[index] ?? Number.NaN)),
  ])
  return [...rows, ['geometric mean', ...youngKeys.map(({ geometricMean }) => fixed(geometricMean))]]
}

function ratiosChart({ standings, patterns }: Results): string {
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

function meansChart({ standings }: Results): string {
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

function frontierChart({ frontier }: Results): string {
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

function find(
  standings: Standing[],
  policy: string,
  maxBatchSize: number,
  priceMs: number,
): Standing | undefined {
  return standings.find(
    (s) => s.policy === policy && s.maxBatchSize === maxBatchSize && s.priceMs === priceMs,
  )
}

function table(head: string[], rows: string[][]): string {
  return [head, head.map(() => '---'), ...rows].map((cells) => `| ${cells.join(' | ')} |`).join('\n')
}

function fixed(value: number): string {
  return value.toFixed(3)
}
