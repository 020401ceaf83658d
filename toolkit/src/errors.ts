/** A position in a file; line and column count from 1. */
export interface Place {
  file: string
  line: number
  column: number
}

/** One mistake in what the user wrote: where, what, and how to put it right. */
export interface Finding {
  message: string
  place?: Place
  remedy?: string
}

/** The user's input cannot be used. Carries every mistake found, not the first only. Exit code 1. */
export class FindingsError extends Error {
  readonly findings: Finding[]

  constructor(findings: Finding[]) {
    super(findings.map(formatFinding).join('\n'))
    this.name = 'FindingsError'
    this.findings = findings
  }
}

/** The command line cannot be understood. Exit code 2. */
export class UsageError extends Error {
  override readonly name = 'UsageError'
}

/** Throws when there is at least one finding. */
export function throwFindings(findings: Finding[]): void {
  if (findings.length > 0) throw new FindingsError(findings)
}

/** A single finding as an error to throw. */
export function fail(message: string, more: Omit<Finding, 'message'> = {}): FindingsError {
  return new FindingsError([{ message, ...more }])
}

/** `file:line:column: message`, the remedy indented on a line of its own. */
export function formatFinding({ message, place, remedy }: Finding): string {
  const where = place ? `${place.file}:${place.line}:${place.column}: ` : ''
  return `${where}${message}${remedy ? `\n    remedy: ${remedy}` : ''}`
}

/** The findings of a FindingsError, or the message of any other error as one finding. */
export function findingsOf(error: unknown): Finding[] {
  if (error instanceof FindingsError) return error.findings
  return [{ message: error instanceof Error ? error.message : String(error) }]
}
