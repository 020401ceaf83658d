import { type Finding, findingsOf, formatFinding } from './errors.ts'

export type OutputFormat = 'text' | 'json'

/** Where text goes; the process's own streams outside tests. */
export interface Streams {
  stdout(text: string): void
  stderr(text: string): void
}

/** Results on standard output, in either format; progress, logs and mistakes of people's text on standard error. */
export class Output {
  readonly format: OutputFormat
  readonly #streams: Streams

  constructor(format: OutputFormat, streams: Streams) {
    this.format = format
    this.#streams = streams
  }

  /** The result of a command: `text` for people, `value` as JSON on one line. */
  result(value: unknown, text: string): void {
    this.#streams.stdout(this.format === 'json' ? `${JSON.stringify(value)}\n` : `${text}\n`)
  }

  /** A part of the result for people, as soon as it is known. */
  line(text: string): void {
    if (this.format === 'text') this.#streams.stdout(`${text}\n`)
  }

  /** Something for people only: progress, notes, logs. */
  say(text: string): void {
    this.#streams.stderr(`${text}\n`)
  }

  /** Mistakes: as text, or as the JSON result `{"ok": false, "findings": [...]}`. */
  findings(findings: Finding[]): void {
    if (this.format === 'json') this.#streams.stdout(`${JSON.stringify({ ok: false, findings })}\n`)
    else this.#streams.stderr(`${findings.map(formatFinding).join('\n')}\n`)
  }

  /** A mistake after which the command goes on: never ends up on standard output. */
  warn(error: unknown): void {
    this.#streams.stderr(`${findingsOf(error).map(formatFinding).join('\n')}\n`)
  }
}

/** Columns as wide as their widest entry, two spaces between them, nothing at line ends. */
export function textTable(header: string[], rows: string[][]): string {
  const lines = [header, ...rows]
  const widths = header.map((_, column) => Math.max(...lines.map((line) => (line[column] ?? '').length)))
  return lines
    .map((line) =>
      line
        .map((cell, column) => cell.padEnd(widths[column] ?? 0))
        .join('  ')
        .trimEnd(),
    )
    .join('\n')
}
