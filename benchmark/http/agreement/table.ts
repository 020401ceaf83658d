/** One traffic, simulated and real. */
export interface Agreement {
  pattern: string
  policy: string
  requests: number
  /** Invocations a request. */
  simulated: number
  measured: number
  /** Requests without a good answer. */
  failed: number
}

const AIM_PERCENT = 3

/** Readable on a terminal and as a page. */
export function agreementTable(agreements: Agreement[]): string {
  const rows = agreements.map(({ pattern, policy, requests, simulated, measured, failed }) => {
    const percent = differencePercent({ simulated, measured })
    const verdict = Math.abs(percent) <= AIM_PERCENT ? 'within' : 'beyond'
    const figures = [
      simulated.toFixed(4),
      measured.toFixed(4),
      `${percent > 0 ? '+' : ''}${percent.toFixed(2)} %`,
    ]
    return `| ${[pattern, policy, requests, ...figures, failed, verdict].join(' | ')} |`
  })
  return [
    '# The simulated and the real router',
    '',
    `Invocations per request for the same arrivals. Aim: within ${AIM_PERCENT} %.`,
    '',
    '| arrivals | window | requests | simulated | real | difference | failed | |',
    '| --- | --- | --- | --- | --- | --- | --- | --- |',
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
