import type { Phase } from './types.ts'

/** Why an item has no proper answer: where it went wrong, and the error itself as `cause`. */
export class ItemFailure extends Error {
  readonly phase: Phase

  constructor(phase: Phase, cause: unknown) {
    super(`failed in phase ${phase}`, { cause })
    this.phase = phase
  }
}

/** The stream to the router is gone: nobody can be answered any more. Reported once, not for every item. */
export class StreamGoneError extends Error {
  override name = 'StreamGoneError'
}

/** The time of the invocation is up, and the answers of the other items must still get out. */
export class DeadlineError extends Error {
  override name = 'DeadlineError'
}

/** Runs one step of an item's work and marks what it throws with the step's name. */
export async function inPhase<T>(phase: Phase, step: () => T | PromiseLike<T>): Promise<T> {
  try {
    return await step()
  } catch (error) {
    throw asFailure(phase, error)
  }
}

export function asFailure(phase: Phase, error: unknown): ItemFailure {
  if (error instanceof ItemFailure) return error
  return new ItemFailure(error instanceof DeadlineError ? 'deadline' : phase, error)
}

/** What a client may know of a failure; the rest is in the log. */
export function clientAnswer(failure: ItemFailure): { statusCode: number; message: string } {
  if (failure.phase === 'deadline') return { statusCode: 504, message: 'timeout' }
  return { statusCode: 500, message: 'internal error' }
}
