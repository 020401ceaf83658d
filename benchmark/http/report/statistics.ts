/** The middle of several rounds and how far they lie apart. */
export interface Spread {
  median: number
  lowest: number
  highest: number
}

export function spreadOf(values: number[]): Spread {
  const sorted = values.filter((value) => Number.isFinite(value)).sort((a, b) => a - b)
  const middle = (sorted.length - 1) / 2
  const low = sorted[Math.floor(middle)] ?? Number.NaN
  const high = sorted[Math.ceil(middle)] ?? Number.NaN
  return {
    median: (low + high) / 2,
    lowest: sorted[0] ?? Number.NaN,
    highest: sorted.at(-1) ?? Number.NaN,
  }
}

/** Value by value, so that what disturbs a whole round disturbs both sides of the ratio. */
export function ratioOf(values: number[], references: number[]): Spread {
  return spreadOf(values.map((value, index) => value / (references[index] ?? Number.NaN)))
}

/** `1.52 (1.48 to 1.60)`. */
export function show({ median, lowest, highest }: Spread, digits = 2): string {
  if (Number.isNaN(median)) return '-'
  return `${rounded(median, digits)} (${rounded(lowest, digits)} to ${rounded(highest, digits)})`
}

export function rounded(value: number, digits = 2): string {
  if (!Number.isFinite(value)) return '-'
  return Math.abs(value) >= 100 ? value.toFixed(0) : value.toFixed(digits)
}
