import type { BatchView, ItemView } from '../src/admin/dashboard/messages.ts'
import { niceCeiling } from './line-chart.ts'
import { markup, milliseconds } from './text.ts'

const ROW = 34
const BAND = 12
const LABEL = 13
const AXIS = 18
/** Narrower than this, a row has room for the beginning of its description only. */
const WORDY_WIDTH = 560
const BRIEF_LENGTH = 46

/** Batches, the newest first, each a row from its first request on; all rows have one scale. */
export function timelineChart(batches: BatchView[], nowMs: number, width: number): string {
  if (batches.length === 0) return '<p class="none">no batch yet</p>'
  const longest = niceCeiling(Math.max(1, ...batches.map((batch) => endOf(batch, nowMs) - batch.openedAtMs)))
  const x = (ms: number): number => Math.round((Math.max(0, ms) / longest) * (width - 8) * 10) / 10 + 4
  const height = batches.length * ROW + AXIS
  const brief = width < WORDY_WIDTH
  const rows = batches.map((batch, index) => row(batch, nowMs, { top: index * ROW, brief }, x))
  return (
    `<svg viewBox="0 0 ${width} ${height}" role="list" aria-label="the last batches, the newest first">` +
    '<defs><pattern id="hatch" width="5" height="5" patternUnits="userSpaceOnUse" patternTransform="rotate(45)">' +
    `<path class="hatch" d="M0 0V5"/></pattern></defs>${rows.join('')}` +
    `<text x="4" y="${height - 4}">0</text>` +
    `<text x="${width - 4}" y="${height - 4}" text-anchor="end">${milliseconds(longest)}</text></svg>`
  )
}

function row(
  batch: BatchView,
  nowMs: number,
  { top, brief }: { top: number; brief: boolean },
  x: (ms: number) => number,
): string {
  const at = (ms: number): number => x(ms - batch.openedAtMs)
  const end = endOf(batch, nowMs)
  const flushed = batch.flushedAtMs ?? end
  const invoked = batch.invokedAtMs ?? end
  const y = top + LABEL + 2
  const failed = batch.outcome === undefined || batch.outcome === 'ok' ? '' : ' failed'
  const band = (name: string, from: number, to: number): string =>
    to > from
      ? `<rect class="${name}" x="${at(from)}" y="${y}" width="${Math.max(1, at(to) - at(from))}" height="${BAND}" rx="2"/>`
      : ''
  const text = describe(batch, end)
  const shown = brief && text.length > BRIEF_LENGTH ? `${text.slice(0, BRIEF_LENGTH)}…` : text
  return (
    `<g role="listitem" aria-label="${markup(text)}"><text class="row-label" x="4" y="${top + LABEL - 2}">${markup(shown)}</text>` +
    band('window', batch.openedAtMs, flushed) +
    (batch.flushedAtMs === undefined ? '' : band('queued', flushed, invoked)) +
    (batch.invokedAtMs === undefined ? '' : band(`work${failed}`, invoked, end)) +
    batch.items.map((item) => marks(item, at, y)).join('') +
    '</g>'
  )
}

function marks(
  { joinedAtMs, answeredAtMs, status }: ItemView,
  at: (ms: number) => number,
  y: number,
): string {
  const dot = `<circle class="dot" cx="${at(joinedAtMs)}" cy="${y + BAND / 2}" r="3"/>`
  if (answeredAtMs === undefined) return dot
  const failed = status !== undefined && status >= 500 ? ' failed' : ''
  const place = at(answeredAtMs)
  return `${dot}<line class="tick${failed}" x1="${place}" x2="${place}" y1="${y - 2}" y2="${y + BAND + 2}"/>`
}

/** What a row shows, in words. */
export function describe(batch: BatchView, endMs: number): string {
  const size = batch.items.length + batch.more
  const parts = [batch.routeKey, `${size} ${size === 1 ? 'request' : 'requests'}`]
  if (batch.flushReason !== undefined && batch.flushedAtMs !== undefined)
    parts.push(`${batch.flushReason} after ${milliseconds(batch.flushedAtMs - batch.openedAtMs)}`)
  if (batch.outcome === 'dropped') parts.push('dropped')
  else if (batch.invokedAtMs !== undefined)
    parts.push(`${batch.outcome ?? 'running'}, ${milliseconds(endMs - batch.invokedAtMs)}`)
  return parts.join(' · ')
}

function endOf(batch: BatchView, nowMs: number): number {
  const answered = batch.items.map(({ answeredAtMs = 0 }) => answeredAtMs)
  return Math.max(batch.endedAtMs ?? nowMs, ...answered)
}
