import type { Second } from '../src/admin/dashboard/messages.ts'
import { nothing } from '../src/admin/dashboard/route-second.ts'
import {
  billOf,
  meanBatchSize,
  type Prices,
  percentile,
  type Selection,
  type Sums,
  savedShare,
  series,
  sumOf,
} from './figures.ts'
import { lineChart } from './line-chart.ts'
import { meters, sizeRanges } from './meters.ts'
import type { Store } from './store.ts'
import { dollars, markup, milliseconds, percent, short } from './text.ts'
import { timelineChart } from './timeline-chart.ts'

/** What is looked at, and how wide it may be drawn. */
export interface Look {
  store: Store
  selection: Selection
  seconds: number
  prices: Prices
  width(panel: string): number
}

/** Seconds that figures of "now" are the mean of. */
const NOW_SECONDS = 5

/** Markup of each panel, by the id of its element. */
export const PANELS: Record<string, (look: Look) => string> = {
  tiles,
  timeline: ({ store, selection, width }) =>
    timelineChart(store.rows(selection), store.nowMs, width('timeline')),
  rate: (look) =>
    chart(look, 'rate', 'Requests a second', (value) => short(value ?? 0), [
      ['all', ({ requests }) => requests],
      ['failed', ({ failed }) => failed],
      ['shed', ({ shed }) => shed],
    ]),
  latency: (look) => chart(look, 'latency', 'Latency', milliseconds, percentiles('latency')),
  wait: (look) => chart(look, 'wait', 'Wait for the invocation', milliseconds, percentiles('wait')),
  sizes: (look) => meters('requests in a batch', sizeRanges(spanned(look).sizes)),
  flush: (look) => meters('reason', byCount(spanned(look).flushReasons)),
  errors: (look) => meters('code', byCount(spanned(look).codes)),
  money,
  routes,
}

type Value = (sums: Sums) => number | undefined

function percentiles(name: 'latency' | 'wait'): [string, Value][] {
  return [
    ['p50', percentile(name, 0.5)],
    ['p90', percentile(name, 0.9)],
    ['p99', percentile(name, 0.99)],
  ]
}

function chart(
  { store, selection, seconds, width }: Look,
  panel: string,
  title: string,
  format: (value: number | undefined) => string,
  values: [string, Value][],
): string {
  const shown = store.seconds.slice(-seconds)
  const lines = values.map(([name, value]) => ({ name, values: series(shown, selection, value) }))
  return lineChart({ title, lines, seconds, width: width(panel), format })
}

function tiles({ store, selection }: Look): string {
  const recent = store.seconds.slice(-NOW_SECONDS)
  const sums = sumOf(recent, selection)
  const last: Partial<Second> = store.seconds.at(-1) ?? {}
  const rate = (times: number): string => short(times / Math.max(1, recent.length))
  const entries: [string, string, boolean?][] = [
    ['requests a second', rate(sums.requests)],
    ['p50 latency', milliseconds(percentile('latency', 0.5)(sums))],
    ['p99 latency', milliseconds(percentile('latency', 0.99)(sums))],
    ['requests in a batch', short(meanBatchSize(sums) ?? 0)],
    ['invocations saved', percent(savedShare(sums))],
    ['failed a second', rate(sums.failed), sums.failed > 0],
    ['shed a second', rate(sums.shed), sums.shed > 0],
    ['requests in flight', short(last.inflightRequests ?? 0)],
    ['invocations in flight', short(last.inflightInvocations ?? 0)],
    ['batches that wait', short(last.pendingInvocations ?? 0), (last.pendingInvocations ?? 0) > 0],
  ]
  return entries
    .map(
      ([name, value, bad]) =>
        `<div${bad ? ' class="bad"' : ''}><dt>${name}</dt><dd>${markup(value)}</dd></div>`,
    )
    .join('')
}

function money(look: Look): string {
  const sums = spanned(look)
  const { direct, batched } = billOf(sums, look.prices)
  const seconds = Math.max(1, Math.min(look.seconds, look.store.seconds.length))
  const hourly = (value: number): string => dollars((value * 3600) / seconds)
  const rows: [string, string, string][] = [
    ['invocations', short(sums.items), short(sums.invocations)],
    ['Lambda an hour', hourly(direct), hourly(batched)],
  ]
  const saved = direct === 0 ? undefined : 1 - batched / direct
  return (
    '<table><thead><tr><td></td><th scope="col">one a request</th><th scope="col">batched</th></tr></thead><tbody>' +
    rows
      .map(([name, ...cells]) => `<tr><th scope="row">${name}</th><td>${cells.join('</td><td>')}</td></tr>`)
      .join('') +
    `</tbody></table><p class="hint">Estimated saving of Lambda's bill: ${percent(saved)}, ` +
    `${hourly(direct - batched)} an hour at this rate. What the router itself costs is not in it.</p>`
  )
}

function routes({ store, seconds }: Look): string {
  const shown = store.seconds.slice(-seconds)
  const rows = (store.hello?.routes ?? []).map(({ routeKey, functionName }) => {
    const cells = routeCells(sumOf(shown, routeKey), shown.length)
    const named = [['function', functionName], ...cells].map(
      ([name, value]) => `<td data-name="${name}">${markup(value ?? '')}</td>`,
    )
    return `<tr><th scope="row">${markup(routeKey)}</th>${named.join('')}</tr>`
  })
  const names = ['route', 'function', ...routeCells(nothing(), 1).map(([name]) => name)]
  const heads = names.map((name) => `<th scope="col">${name}</th>`).join('')
  return `<table class="routes"><thead><tr>${heads}</tr></thead><tbody>${rows.join('')}</tbody></table>`
}

function routeCells(sums: Sums, seconds: number): [name: string, value: string][] {
  return [
    ['requests/s', short(sums.requests / Math.max(1, seconds))],
    ['batch', short(meanBatchSize(sums) ?? 0)],
    ['saved', percent(savedShare(sums))],
    ['wait p50', milliseconds(percentile('wait', 0.5)(sums))],
    ['latency p99', milliseconds(percentile('latency', 0.99)(sums))],
    ['failed', short(sums.failed)],
    ['shed', short(sums.shed)],
  ]
}

function spanned({ store, selection, seconds }: Look): Sums {
  return sumOf(store.seconds.slice(-seconds), selection)
}

function byCount(counts: Record<string, number>): [string, number][] {
  return Object.entries(counts).sort(([, a], [, b]) => b - a)
}
