import { seededRandom } from '../../frontier/random.ts'

/** When requests are meant to be sent, in ms from the start, ascending. */
export type Arrivals = Float64Array

/** Random traffic of a rate: the gaps do not depend on each other. */
export function poissonArrivals(rps: number, durationMs: number, seed: number): Arrivals {
  const random = seededRandom(seed)
  const times: number[] = []
  for (let atMs = random.exponential(1000 / rps); atMs < durationMs; atMs += random.exponential(1000 / rps))
    times.push(atMs)
  return Float64Array.from(times)
}

/** Arrivals as somebody recorded them: a time in ms a line, in any order; the first one becomes the start. */
export function recordedArrivals(text: string): Arrivals {
  const lines = text.split('\n').filter((line) => line.trim() !== '')
  const times = lines.map(Number)
  const wrong = times.findIndex((time) => !Number.isFinite(time))
  if (wrong >= 0) throw new Error(`line ${wrong + 1}: expected a time in ms, got ${lines[wrong]}`)
  if (times.length === 0) throw new Error('expected at least one arrival, got none')
  const sorted = Float64Array.from(times).sort()
  const first = sorted[0] ?? 0
  return sorted.map((time) => time - first)
}
