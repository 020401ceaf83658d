import { markup } from './text.ts'

export interface Line {
  name: string
  /** One a second, oldest first; undefined leaves a gap. */
  values: (number | undefined)[]
}

export interface LineChart {
  title: string
  lines: Line[]
  /** Seconds that the chart spans; lines that are shorter stand at its right end. */
  seconds: number
  width: number
  format(value: number | undefined): string
}

const HEIGHT = 130
const LEFT = 52
const BOTTOM = 18
const TOP = 8

/** Lines over time, as SVG, with a legend that says the newest values. */
export function lineChart({ title, lines, seconds, width, format }: LineChart): string {
  const all = lines.flatMap(({ values }) => values.filter((value) => value !== undefined))
  const top = niceCeiling(Math.max(0, ...all))
  const x = (index: number, length: number): number =>
    LEFT + ((seconds - length + index + 0.5) / seconds) * (width - LEFT)
  const y = (value: number): number => TOP + (1 - value / top) * (HEIGHT - TOP - BOTTOM)
  const ticks = [0, top / 2, top].map(
    (value) =>
      `<line class="axis" x1="${LEFT}" x2="${width}" y1="${round(y(value))}" y2="${round(y(value))}"/>` +
      `<text x="${LEFT - 6}" y="${round(y(value) + 4)}" text-anchor="end">${markup(format(value))}</text>`,
  )
  const paths = lines.map(
    ({ values }, index) =>
      `<path class="series s${index}" d="${path(values, (at) => x(at, values.length), y)}"/>`,
  )
  const range = all.length === 0 ? 'nothing yet' : `up to ${format(Math.max(...all))}`
  return (
    `<svg viewBox="0 0 ${width} ${HEIGHT}" role="img" aria-label="${markup(`${title}: ${range}`)}">` +
    `${ticks.join('')}${paths.join('')}` +
    `<text x="${LEFT}" y="${HEIGHT - 3}">${seconds} s ago</text>` +
    `<text x="${width}" y="${HEIGHT - 3}" text-anchor="end">now</text></svg>` +
    legend(lines, format)
  )
}

function legend(lines: Line[], format: LineChart['format']): string {
  const entries = lines.map(({ name, values }, index) => {
    const sample = `<svg viewBox="0 0 24 8" aria-hidden="true"><path class="series s${index}" d="M0 4H24"/></svg>`
    return `<li>${sample}${markup(name)} ${markup(format(values.at(-1)))}</li>`
  })
  return `<ul class="legend">${entries.join('')}</ul>`
}

/** A gap ends a line; a value alone between gaps is a short dash. */
function path(
  values: (number | undefined)[],
  x: (index: number) => number,
  y: (value: number) => number,
): string {
  let text = ''
  for (const [index, value] of values.entries()) {
    if (value === undefined) continue
    const joined = values[index - 1] !== undefined
    text += `${joined ? 'L' : 'M'}${round(x(index))} ${round(y(value))}`
    if (!joined && values[index + 1] === undefined) text += 'h1.5'
  }
  return text
}

/** The next of 1, 2, 5, 10, 20 … that is not below a value; 1 for nothing. */
export function niceCeiling(value: number): number {
  if (!(value > 0)) return 1
  const power = 10 ** Math.floor(Math.log10(value))
  return ([1, 2, 5, 10].find((step) => step * power >= value) ?? 10) * power
}

function round(value: number): number {
  return Math.round(value * 10) / 10
}
