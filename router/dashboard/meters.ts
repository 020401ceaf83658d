import { markup, percent, short } from './text.ts'

/** Counts as a table with bars: what it shows can be read without seeing it. */
export function meters(heading: string, counts: [name: string, times: number][]): string {
  const total = counts.reduce((sum, [, times]) => sum + times, 0)
  if (total === 0) return '<p class="none">none</p>'
  const most = Math.max(...counts.map(([, times]) => times))
  const rows = counts.map(
    ([name, times]) =>
      `<tr><th scope="row">${markup(name)}</th><td>${short(times)}</td><td>${percent(times / total)}</td>` +
      `<td class="meter"><svg viewBox="0 0 100 10" preserveAspectRatio="none" aria-hidden="true">` +
      `<rect class="bar" height="10" width="${Math.max(1, Math.round((100 * times) / most))}"/></svg></td></tr>`,
  )
  return (
    `<table class="meters"><thead><tr><th scope="col">${markup(heading)}</th><th scope="col">count</th><th scope="col">share</th>` +
    `<td></td></tr></thead><tbody>${rows.join('')}</tbody></table>`
  )
}

/** Batch sizes in at most eight ranges, so that any `maxBatchSize` fits. */
export function sizeRanges(sizes: Record<number, number>): [string, number][] {
  const largest = Math.max(0, ...Object.keys(sizes).map(Number))
  const step = Math.max(1, Math.ceil(largest / 8))
  const ranges = Array.from({ length: Math.ceil(largest / step) }, (_, index): [string, number] => {
    const [from, to] = [index * step + 1, (index + 1) * step]
    return [from === to ? String(from) : `${from}–${to}`, 0]
  })
  for (const [size, times] of Object.entries(sizes)) {
    const range = ranges[Math.ceil(Number(size) / step) - 1]
    if (range !== undefined) range[1] += times
  }
  return ranges
}
