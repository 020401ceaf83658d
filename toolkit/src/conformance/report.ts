import type { Mode } from '@lpr/contract/vectors'
import type { CaseReport } from './cases.ts'

export interface Counts {
  passed: number
  failed: number
  notApplicable: number
}

/** The result of the command, as `-o json` prints it. */
export interface ConformanceReport {
  ok: boolean
  /** By mode, what was tested. */
  subjects: Partial<Record<Mode, string>>
  counts: Counts
  cases: CaseReport[]
}

export function reportOf(subjects: ConformanceReport['subjects'], cases: CaseReport[]): ConformanceReport {
  const count = (result: CaseReport['result']) => cases.filter((one) => one.result === result).length
  const counts = {
    passed: count('passed'),
    failed: count('failed'),
    notApplicable: count('not-applicable'),
  }
  return { ok: counts.failed === 0, subjects, counts, cases }
}

/** One case for people: a line, and below it what is wrong. */
export function caseText({ name, mode, result, problems = [], lacks = [] }: CaseReport): string {
  const mark = { passed: 'passed', failed: 'FAILED', 'not-applicable': 'n/a   ' }[result]
  const why = lacks.length > 0 ? `  lacks ${lacks.join(', ')}` : ''
  const details = problems.map((problem) => `\n          ${problem}`)
  return `${mark}  ${mode.padEnd(11)}  ${name}${why}${details.join('')}`
}

export function summaryText({ counts: { passed, failed, notApplicable } }: ConformanceReport): string {
  return `${passed} passed, ${failed} failed, ${notApplicable} not applicable`
}
