import { textTable } from '../output.ts'
import type { RouteEstimate, Totals } from './model.ts'
import type { Traffic } from './traffic.ts'

/** The result of the command, as `-o json` prints it. */
export interface EstimateReport {
  ok: true
  routes: RouteEstimate[]
  totals: Totals
  assumptions: Pick<Traffic, 'architecture' | 'prices' | 'routerInstances'>
  /** What the figures leave out, or only bound. */
  notes: string[]
}

export function estimateText({ routes, totals, assumptions, notes }: EstimateReport): string {
  const header = ['ROUTE', 'RPS', 'BATCH', 'INVOCATIONS/S', 'DIRECT', 'BATCHED', 'WAIT', 'COMPANY']
  const rows = routes.map(({ route, rps, direct, batched, meanBatchSize, waitMs, companyMs }) => [
    route,
    String(rps),
    meanBatchSize.toFixed(2),
    batched.invocationsPerSecond.toFixed(1),
    usd(direct.usdPerMonth),
    usd(batched.usdPerMonth),
    ms(waitMs),
    ms(companyMs),
  ])
  const { prices, routerInstances, architecture } = assumptions
  return [
    textTable(header, rows),
    '',
    `direct   ${usd(totals.directUsd)} a month`,
    `batched  ${usd(totals.batchedUsd)} and ${usd(totals.routerUsd)} for the router: ${routerInstances} x ${prices.routerHour} USD an hour`,
    totals.savedUsd >= 0
      ? `saves    ${usd(totals.savedUsd)} a month`
      : `costs    ${usd(-totals.savedUsd)} a month more than invoking directly`,
    '',
    `Lambda ${architecture}: ${prices.requestsPerMillion} USD a million invocations, ${prices.gbSecond} USD a GB-second.`,
    ...notes,
  ].join('\n')
}

function usd(amount: number): string {
  return `${amount.toFixed(2)} USD`
}

function ms(time: number): string {
  return `${time.toFixed(1)} ms`
}
