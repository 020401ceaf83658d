/** One traffic, simulated and real. */
export interface Agreement {
  pattern: string
  policy: string
  requests: number
  /** Invocations a request: for the arrivals as they were recorded, and as the router has seen them. */
  planned: number
  simulated: number
  measured: number
  /** Requests without a good answer. */
  failed: number
}

const AIM_PERCENT = 3

/** Readable on a terminal and as a page. */
export function agreementTable(agreements: Agreement[]): string {
  const rows = agreements.map(({ pattern, policy, requests, planned, simulated, measured, failed }) => {
    const offPercent = percentOff(measured, planned)
    const verdict = Math.abs(offPercent) <= AIM_PERCENT ? 'within' : 'beyond'
    const ratios = [planned, simulated, measured].map((value) => value.toFixed(4))
    const off = [offPercent, percentOff(measured, simulated)].map(signed)
    return `| ${[pattern, policy, requests, ...ratios, ...off, failed, verdict].join(' | ')} |`
  })
  return [
    '# The simulated and the real router',
    '',
    'Invocations per request: simulated for the arrivals as they were recorded, simulated for the same arrivals as the',
    'router saw them, and of the running router, with the difference between the running router and either simulation.',
    'The two simulations differ as far as the machine kept requests waiting before they reached the router.',
    `Aim: within ${AIM_PERCENT} % of the arrivals as recorded.`,
    '',
    '| arrivals | window | requests | recorded | as seen | real | off recorded | off as seen | failed | |',
    '| --- | --- | --- | --- | --- | --- | --- | --- | --- | --- |',
    ...rows,
    '',
  ].join('\n')
}

function percentOff(measured: number, expected: number): number {
  return 100 * (measured / expected - 1)
}

function signed(percent: number): string {
  return `${percent > 0 ? '+' : ''}${percent.toFixed(2)} %`
}
