import { type Axis, type Scale, scaleOf } from './scale.ts'
import { colour, drawing, element, line, text } from './svg.ts'

export interface LineChart {
  title: string
  x: Axis
  y: Axis
  series: { name: string; points: [x: number, y: number][] }[]
}

const WIDTH = 760
const HEIGHT = 440
const PLOT = { left: 70, right: WIDTH - 190, top: 50, bottom: HEIGHT - 60 }

/** Lines with a mark at each point, and a legend on the right. Returns an SVG document. */
export function lineChart({ title, x, y, series }: LineChart): string {
  const points = series.flatMap((one) => one.points)
  const across = scaleOf(
    points.map(([value]) => value),
    x,
    PLOT.left,
    PLOT.right,
  )
  const up = scaleOf(
    points.map(([, value]) => value),
    y,
    PLOT.bottom,
    PLOT.top,
  )
  return drawing(
    WIDTH,
    HEIGHT,
    title,
    ...grid(across, up),
    text((PLOT.left + PLOT.right) / 2, HEIGHT - 18, x.label, { 'text-anchor': 'middle' }),
    text(20, (PLOT.top + PLOT.bottom) / 2, y.label, turned(20, (PLOT.top + PLOT.bottom) / 2)),
    ...series.map((one, index) => curve(one.points, across, up, colour(index))),
    ...series.map(({ name }, index) => legendEntry(name, index)),
  )
}

function grid(across: Scale, up: Scale): string[] {
  const vertical = across.ticks.flatMap((tick) => [
    line(across.at(tick), PLOT.top, across.at(tick), PLOT.bottom),
    text(across.at(tick), PLOT.bottom + 18, String(tick), { 'text-anchor': 'middle' }),
  ])
  const horizontal = up.ticks.flatMap((tick) => [
    line(PLOT.left, up.at(tick), PLOT.right, up.at(tick)),
    text(PLOT.left - 8, up.at(tick) + 4, String(tick), { 'text-anchor': 'end' }),
  ])
  return [...vertical, ...horizontal]
}

function curve(points: [number, number][], across: Scale, up: Scale, stroke: string): string {
  const placed = points.map(([x, y]): [number, number] => [across.at(x), up.at(y)])
  const path = placed.map(([x, y]) => `${x.toFixed(1)},${y.toFixed(1)}`).join(' ')
  const marks = placed.map(([cx, cy]) => element('circle', { cx, cy, r: 3, fill: stroke }))
  return element('polyline', { points: path, fill: 'none', stroke, 'stroke-width': 2 }) + marks.join('')
}

function legendEntry(name: string, index: number): string {
  const y = PLOT.top + 10 + 20 * index
  const swatch = line(PLOT.right + 16, y, PLOT.right + 36, y, { stroke: colour(index), 'stroke-width': 3 })
  return swatch + text(PLOT.right + 42, y + 4, name)
}

function turned(x: number, y: number): Record<string, string> {
  return { 'text-anchor': 'middle', transform: `rotate(-90 ${x} ${y})` }
}
