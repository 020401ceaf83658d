import { loadVectors, type Mode, type Vector } from '@lpr/contract/vectors'
import type { LocalFunction } from 'lpr-toolkit/local-lambda'

/** A time that no vector needs up; the functions of vectors that say nothing of the time have it. */
const LONG_MS = 30_000

/** Beneath it the platform might end the function before it has answered: such times are the adapters' to test. */
const LEAST_REMAINING_MS = 5000

/**
 * Vectors whose settings a function can have: the time that is left is its timeout, and the concurrency a variable of the
 * layer. The handler is the vectors' script handler itself, so that modes it does not have are left out.
 */
export function layerVectors(modes: Mode[]): { vector: Vector; mode: Mode; title: string }[] {
  return loadVectors().flatMap((vector) => {
    if ((vector.remainingMs ?? LONG_MS) < LEAST_REMAINING_MS) return []
    return vector.modes
      .filter((mode) => modes.includes(mode))
      .map((mode) => ({ vector, mode, title: `${vector.name}, ${mode}` }))
  })
}

/** Name of the function that has a vector's settings. */
export function functionFor({ options, remainingMs = LONG_MS }: Vector, mode: Mode): string {
  return `${mode}-${options?.concurrency ?? 'all'}-${remainingMs}`
}

/** What makes a function that of `functionFor`. */
export function settingsFor(vector: Vector, mode: Mode): Partial<LocalFunction> {
  const concurrency = vector.options?.concurrency
  return {
    name: functionFor(vector, mode),
    timeoutMs: vector.remainingMs ?? LONG_MS,
    environment: {
      LPR_INVOKE_MODE: mode === 'buffered' ? 'buffered' : 'response_stream',
      ...(concurrency !== undefined && { LPR_MAX_CONCURRENCY: String(concurrency) }),
    },
  }
}
