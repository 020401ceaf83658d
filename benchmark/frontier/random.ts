/** Random numbers that are the same on every machine for the same seed. */
export interface Random {
  /** From 0 (included) to 1. */
  uniform(): number
  between(low: number, high: number): number
  /** Exponentially distributed. */
  exponential(mean: number): number
  /** Normally distributed, mean 0, deviation 1. */
  normal(): number
}

/** A 32-bit generator: a counter through a mixing function. */
export function seededRandom(seed: number): Random {
  let state = seed >>> 0
  const uniform = (): number => {
    state = (state + 0x9e3779b9) >>> 0
    let mixed = state
    mixed = Math.imul(mixed ^ (mixed >>> 16), 0x85ebca6b)
    mixed = Math.imul(mixed ^ (mixed >>> 13), 0xc2b2ae35)
    return ((mixed ^ (mixed >>> 16)) >>> 0) / 2 ** 32
  }
  return {
    uniform,
    between: (low, high) => low + (high - low) * uniform(),
    exponential: (mean) => -mean * Math.log(1 - uniform()),
    normal: () => Math.sqrt(-2 * Math.log(1 - uniform())) * Math.cos(2 * Math.PI * uniform()),
  }
}
