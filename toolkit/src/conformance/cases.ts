import { type Mode, missingFeatures, runVector, type Target, type Vector } from '@lpr/contract/vectors'

/** What became of one vector in one mode. */
export interface CaseReport {
  name: string
  mode: Mode
  result: 'passed' | 'failed' | 'not-applicable'
  /** What differs from the contract, when it failed. */
  problems?: string[]
  /** What the vector is about and the adapter lacks, when it does not apply. */
  lacks?: string[]
}

/**
 * Sends every vector of the modes, one after another: an environment must not see two runs at once. Rejects when the
 * function cannot be invoked at all.
 */
export async function runCases(
  vectors: Vector[],
  modes: Mode[],
  target: Target,
  onCase: (report: CaseReport) => void,
): Promise<CaseReport[]> {
  const reports: CaseReport[] = []
  for (const mode of modes) {
    for (const vector of vectors.filter((one) => one.modes.includes(mode))) {
      const report = await runCase(vector, mode, target)
      reports.push(report)
      onCase(report)
    }
  }
  return reports
}

async function runCase(vector: Vector, mode: Mode, target: Target): Promise<CaseReport> {
  const { name } = vector
  const lacks = missingFeatures(vector, target)
  if (lacks.length > 0) return { name, mode, result: 'not-applicable', lacks }
  const problems = await runVector(vector, mode, target)
  return problems.length === 0 ? { name, mode, result: 'passed' } : { name, mode, result: 'failed', problems }
}
