import { type Axis, type Scale, scaleOf } from './scale.ts'
import { colour, drawing, element, line, text } from './svg.ts'

export interface DotChart {
  title: string
  x: Axis
  /** The names of the dots, in the order of each row's values. */
  series: string[]
  rows: { name: string; values: number[] }[]
}

const WIDTH = 760
const ROW = 22
const LEFT = 170
const RIGHT = WIDTH - 30
const TOP = 70

/** One row a case, one dot a series: shows who is where in each case. Returns an SVG document. */
export function dotChart({ title, x, series, rows }: DotChart): string {
  const bottom = TOP + rows.length * ROW
  const scale = scaleOf(
    rows.flatMap(({ values }) => values),
    x,
    LEFT,
    RIGHT,
  )
  return drawing(
    WIDTH,
    bottom + 60,
    title,
    ...series.map((name, index) => legendEntry(name, index)),
    ...scale.ticks.map((tick) => line(scale.at(tick), TOP - 8, scale.at(tick), bottom)),
    ...scale.ticks.map((tick) =>
      text(scale.at(tick), bottom + 18, String(tick), { 'text-anchor': 'middle' }),
    ),
    text((LEFT + RIGHT) / 2, bottom + 42, x.label, { 'text-anchor': 'middle' }),
    ...rows.map((row, index) => rowOf(row, TOP + ROW * (index + 0.5), scale)),
  )
}

function rowOf({ name, values }: DotChart['rows'][number], y: number, scale: Scale): string {
  const label = text(LEFT - 12, y + 4, name, { 'text-anchor': 'end' })
  const rule = line(LEFT, y, RIGHT, y, { stroke: '#eeeeee' })
  // The first series is drawn last, so that it is never hidden.
  const dots = values.map((value, index) =>
    element('circle', { cx: scale.at(value), cy: y, r: 5, fill: colour(index), 'fill-opacity': 0.85 }),
  )
  return label + rule + dots.reverse().join('')
}

function legendEntry(name: string, index: number): string {
  const x = LEFT + 150 * index
  return element('circle', { cx: x, cy: 46, r: 5, fill: colour(index) }) + text(x + 10, 50, name)
}
