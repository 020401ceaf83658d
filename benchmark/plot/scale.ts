/** From values to pixels along one axis. */
export interface Scale {
  at(value: number): number
  ticks: number[]
}

export interface Axis {
  label: string
  /** Logarithmic; every value must be above 0. */
  log?: boolean
  /** Values that must be on the axis, whatever the data. */
  include?: number[]
}

/** A scale over all values, its ends at round numbers. */
export function scaleOf(
  values: number[],
  { log = false, include = [] }: Axis,
  from: number,
  to: number,
): Scale {
  const all = [...values, ...include]
  const ticks = log
    ? logTicks(Math.min(...all), Math.max(...all))
    : linearTicks(Math.min(...all), Math.max(...all))
  const place = log ? Math.log : (value: number): number => value
  const low = place(ticks[0] ?? 0)
  const high = place(ticks.at(-1) ?? 1)
  return { ticks, at: (value) => from + ((place(value) - low) / (high - low)) * (to - from) }
}

/** 1, 2 and 5 of each power of ten, from at most `low` to at least `high`. */
export function logTicks(low: number, high: number): number[] {
  const ticks: number[] = []
  for (let power = Math.floor(Math.log10(low)); power <= Math.ceil(Math.log10(high)); power++) {
    ticks.push(...[1, 2, 5].map((digit) => Number(`${digit}e${power}`)))
  }
  const first = ticks.findLastIndex((tick) => tick <= low)
  const last = ticks.findIndex((tick) => tick >= high && tick > (ticks[first] ?? 0))
  return ticks.slice(first, last + 1)
}

/** Multiples of 1, 2 or 5 times a power of ten, about six of them. */
export function linearTicks(low: number, high: number): number[] {
  const span = high > low ? high - low : Math.abs(high) || 1
  const power = 10 ** Math.floor(Math.log10(span / 5))
  const step = power * ([1, 2, 5, 10].find((factor) => factor * power * 6 >= span) ?? 10)
  const first = Math.floor(low / step + 1e-9)
  const last = Math.max(Math.ceil(high / step - 1e-9), first + 1)
  return Array.from({ length: last - first + 1 }, (_, i) => Number(((first + i) * step).toPrecision(12)))
}
