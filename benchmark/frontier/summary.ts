import type { AcceptanceLine } from './acceptance.ts'
import { BATCH_SIZES, PRICES_MS, type Results } from './results.ts'
import { find, type Standing } from './study.ts'

/** Readable on a terminal and as a page. */
export function summary(results: Results, lines: AcceptanceLine[]): string {
  const { requests, seed, node } = results
  const sections = [
    '# Adaptive wait against the clairvoyant optimum',
    `${requests} requests a pattern, seed ${seed}, ${node}. Simulated, but for the last table: no cold starts, no concurrency limits.`,
    'K (`invocationPriceMs`) is the price of an invocation in ms of waiting. Cost: K for each invocation, and the waits of all requests.',
    acceptanceSection(lines),
    standingSection(results),
    '![means](means.svg)',
    ...BATCH_SIZES.map((size) => patternSection(results, size)),
    '![ratios](ratios.svg)',
    heldOutSection(results),
    savedSection(results),
    '![frontier](frontier.svg)',
    cappedSection(results),
    steadySection(results),
    closedSection(results),
    youngSection(results),
    expenseSection(results),
  ]
  return `${sections.join('\n\n')}\n`
}

function acceptanceSection(lines: AcceptanceLine[]): string {
  const rows = lines.map(({ what, value, atMost, holds }) => [
    what,
    fixed(value),
    fixed(atMost),
    holds ? 'yes' : '**no**',
  ])
  return section('What must hold', ['', 'value', 'at most', 'holds'], rows)
}

function standingSection({ standings }: Results): string {
  const rows = standings.map(({ maxBatchSize, priceMs, policy, setting, geometricMean, worst }) => {
    const base = find(standings, 'best fixed', maxBatchSize, priceMs)?.geometricMean ?? Number.NaN
    const figures = [geometricMean, worst, geometricMean / base].map(fixed)
    return [`${maxBatchSize}`, `${priceMs}`, policy, setting, ...figures]
  })
  const head = ['maxBatchSize', 'K', 'policy', 'setting', 'geometric mean', 'worst', 'against best fixed']
  return section('One setting for all patterns: cost over the optimum', head, rows)
}

function patternSection({ standings, patterns }: Results, maxBatchSize: number): string {
  const of = (policy: Standing['policy'], priceMs: number, index: number): string =>
    fixed(find(standings, policy, maxBatchSize, priceMs)?.ratios[index] ?? Number.NaN)
  const rows = patterns.map((name, index) => [
    name,
    ...PRICES_MS.map((price) => `${of('gap-stop', price, index)} (${of('best fixed', price, index)})`),
  ])
  const title = `By pattern, maxBatchSize ${maxBatchSize}: gap-stop (best common fixed window)`
  return section(title, ['pattern', ...byPrice], rows)
}

function heldOutSection({ heldOut }: Results): string {
  const names = [...new Set(heldOut.map(({ name }) => name))]
  const rows = names.map((name) => {
    const cases = heldOut.filter((one) => one.name === name)
    return [name, ...cases.map((one) => `${fixed(one.overOptimum)} (${fixed(one.bestFixedOverOptimum)})`)]
  })
  const title =
    'On patterns that nothing was tuned on: gap-stop (the fixed window best for this very pattern and K)'
  return section(title, ['pattern', ...byPrice], rows)
}

function savedSection({ frontier }: Results): string {
  const rows = frontier.saved.map(({ meanWaitMs, percent }) => [
    `${meanWaitMs} ms`,
    `${percent.toFixed(1)} %`,
  ])
  const title = 'Invocations saved against the best common fixed window, at equal mean wait'
  return section(title, ['mean wait', 'fewer invocations'], rows)
}

function cappedSection({ capped }: Results): string {
  const rows = capped.map((one) => [
    `${one.maxWaitMs}`,
    `${one.price}`,
    ...[one.invocations, one.worstInvocations, one.meanWait, one.cost, one.worstCost].map(fixed),
    `${fixed(one.overOptimum)} (${fixed(one.fixedOverOptimum)})`,
  ])
  const head = [
    'maxWaitMs',
    'K',
    'invocations',
    'worst',
    'mean wait',
    'cost',
    'worst',
    'over the optimum (fixed)',
  ]
  return section('With the same cap on every wait: adaptive over fixed', head, rows)
}

function steadySection({ steady }: Results): string {
  const prices = [...new Set(steady.map(({ priceMs }) => priceMs))]
  const rates = [...new Set(steady.map(({ rps }) => rps))]
  const rows = rates.map((rps) => {
    const cases = steady.filter((one) => one.rps === rps)
    return [
      `${rps}`,
      ...cases.map((one) => `${one.requestsPerInvocation.toFixed(1)} (${one.meanWaitMs.toFixed(1)} ms)`),
    ]
  })
  const title = 'Steady random traffic: requests per invocation (mean wait), maxBatchSize 64'
  return section(title, ['rps', ...prices.map((price) => `K ${price}`)], rows)
}

function closedSection({ closed }: Results): string {
  const rows = closed.map((one) => [
    one.name,
    `${one.priceMs}`,
    `${one.meanWaitMs.toFixed(3)} ms`,
    one.requestsPerInvocation.toFixed(2),
    `${fixed(one.overBestFixed)} (${one.bestFixed})`,
  ])
  const head = [
    'clients',
    'K',
    'mean added wait',
    'requests per invocation',
    'cost over the fixed window best for this case',
  ]
  return section('Clients that wait for their answers', head, rows)
}

function youngSection({ youngKeys, patterns }: Results): string {
  const rows = patterns.map((name, index) => [
    name,
    ...youngKeys.map(({ ratios }) => fixed(ratios[index] ?? Number.NaN)),
  ])
  const means = ['geometric mean', ...youngKeys.map(({ geometricMean }) => fixed(geometricMean))]
  const title = 'The first 20 requests of a key: cost over the optimum'
  return section(title, ['pattern', ...byPrice], [...rows, means])
}

function expenseSection({ expense, timers }: Results): string {
  const { cpuUs, worstCpuUs, bytesPerKey } = expense
  const coarse = timers.map(({ stepMs, overExact }) => [
    `cost with timers of ${stepMs} ms over that with exact ones`,
    overExact.toFixed(4),
  ])
  return section(
    'Expense',
    ['', ''],
    [
      ['CPU a request', `${cpuUs.toFixed(2)} µs`],
      ['CPU a request, most expensive pattern', `${worstCpuUs.toFixed(2)} µs`],
      ['memory a key', `${(bytesPerKey / 1024).toFixed(1)} KiB`],
      ...coarse,
    ],
  )
}

const byPrice = PRICES_MS.map((price) => `K ${price}`)

function section(title: string, head: string[], rows: string[][]): string {
  const lines = [head, head.map(() => '---'), ...rows].map((cells) => `| ${cells.join(' | ')} |`)
  return `## ${title}\n\n${lines.join('\n')}`
}

function fixed(value: number): string {
  return value.toFixed(3)
}
