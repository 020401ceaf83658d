import { dotChart } from './dot-chart.ts'
import { lineChart } from './line-chart.ts'
import { linearTicks, logTicks, scaleOf } from './scale.ts'

test('ticks are round numbers that enclose the data', () => {
  expect(linearTicks(0, 100)).toEqual([0, 20, 40, 60, 80, 100])
  expect(linearTicks(1.02, 1.39)).toEqual([1, 1.1, 1.2, 1.3, 1.4])
  expect(logTicks(3, 60)).toEqual([2, 5, 10, 20, 50, 100])
})

test('data that is a single value still has an axis', () => {
  expect(linearTicks(3, 3).length).toBeGreaterThanOrEqual(2)
  expect(logTicks(5, 5)).toEqual([5, 10])
  expect(linearTicks(0, 0).length).toBeGreaterThanOrEqual(2)
})

test('a scale puts its ends at the ends', () => {
  const linear = scaleOf([0, 100], { label: '' }, 10, 110)
  expect([linear.at(0), linear.at(50), linear.at(100)]).toEqual([10, 60, 110])
  const log = scaleOf([1, 100], { label: '', log: true }, 0, 200)
  expect([log.at(1), log.at(10), log.at(100)].map(Math.round)).toEqual([0, 100, 200])
})

test('a line chart draws every series and names it, whatever is in the name', () => {
  const svg = lineChart({
    title: 'a < b & c',
    x: { label: 'x' },
    y: { label: 'y', include: [0] },
    series: [
      {
        name: 'one',
        points: [
          [0, 1],
          [1, 2],
        ],
      },
      { name: '"two"', points: [[0, 2]] },
    ],
  })
  expect(svg.match(/<polyline/g)).toHaveLength(2)
  expect(svg).toContain('a &lt; b &amp; c')
  expect(svg).toContain('&quot;two&quot;')
  expect(svg).not.toContain('NaN')
})

test('a dot chart has a row for each case and a dot for each value', () => {
  const rows = [
    { name: 'first', values: [1, 2] },
    { name: 'second', values: [2, 3] },
  ]
  const svg = dotChart({ title: 't', x: { label: 'ratio' }, series: ['a', 'b'], rows })
  // Two rows of two, and two in the legend.
  expect(svg.match(/<circle/g)).toHaveLength(6)
  expect(svg).toContain('>second</text>')
})
