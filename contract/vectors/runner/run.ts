import { compare } from './compare.ts'
import type { Outcome } from './outcome.ts'
import { prepareEvent } from './prepare.ts'
import type { Feature, Mode, Vector } from './vector.ts'

/** A function whose handler is the script handler, wherever it runs. */
export interface Target {
  /** The features of vectors that the function's language has. */
  features: readonly Feature[]
  /** Invokes the function with an event, in the mode that it was made for. Rejects only if that cannot be tried. */
  invoke(event: unknown, mode: Mode, run: string): Promise<Outcome>
}

/** Whether the target's language can say what the vector is about. */
export function applies(vector: Vector, target: Pick<Target, 'features'>): boolean {
  return missingFeatures(vector, target).length === 0
}

/** What the vector is about and the target's language cannot say. */
export function missingFeatures(
  { requires = [] }: Vector,
  { features }: Pick<Target, 'features'>,
): Feature[] {
  return requires.filter((feature) => !features.includes(feature))
}

/** Sends a vector to a function. Resolves to what is wrong with the answer, one text each; empty if nothing is. */
export async function runVector(vector: Vector, mode: Mode, target: Target): Promise<string[]> {
  runs += 1
  const run = `${vector.name}/${mode}/${Date.now()}-${runs}`
  const outcome = await target.invoke(prepareEvent(vector, run, Date.now()), mode, run)
  return compare(vector, mode, outcome)
}

let runs = 0
