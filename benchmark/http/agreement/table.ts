/** One traffic, simulated and real. */
export interface Agreement {
  pattern: string
  policy: string
  requests: number
  /** Invocations a request: for the arrivals as they were meant, and as the router has seen them. */
  planned: number
  simulated: number
  measured: number
  /** Requests without a good answer. */
  failed: number
}

const AIM_PERCENT = 3

/** Readable on a terminal and as a page. */
export function agreementTable(agreements: Agreement[]): string {
  const rows = agreements.map((agreement) => {
    const { pattern, policy, requests, planned, simulated, measured, failed } = agreement
    const percent = differencePercent(agreement)
    const verdict = Math.abs(percent) <= AIM_PERCENT ? 'within' : 'beyond'
    const ratios = [planned, simulated, measured].map((value) => value.toFixed(4))
    const difference = `${percent > 0 ? '+' : ''}${percent.toFixed(2)} %`
    return `| ${[pattern, policy, requests, ...ratios, difference, failed, verdict].join(' | ')} |`
  })
  return [
    '# The simulated and the real router',
    '',
    'Invocations per request: simulated for the arrivals as they were meant to be, simulated for the same arrivals as the',
    'router saw them, and of the running router. The first two differ as far as the machine kept requests waiting before',
    `they reached the router; the last two are what must agree. Aim: within ${AIM_PERCENT} %.`,
    '',
    '| arrivals | window | requests | as meant | as seen | real | difference | failed | |',
    '| --- | --- | --- | --- | --- | --- | --- | --- | --- |',
    ...rows,
    '',
  ].join('\n')
}

export function differencePercent({
  simulated,
  measured,
}: Pick<Agreement, 'simulated' | 'measured'>): number {
  return 100 * (measured / simulated - 1)
}
