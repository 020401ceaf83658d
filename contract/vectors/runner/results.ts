import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Feature, Mode, Vector } from './vector.ts'

/** What became of a vector in one mode; README.md of the vectors describes the file that holds these. */
export type VectorResult = { name: string; mode: Mode } & (
  | { outcome: 'passed' }
  | { outcome: 'failed'; problems: string[] }
  | { outcome: 'not-applicable'; missing: Feature[] }
)

/** Collects the results of one adapter, for the table in lambda-kit/README.md. */
export class VectorResults {
  readonly #adapter: string
  readonly #results: VectorResult[] = []

  /** `adapter` is the name of its folder. */
  constructor(adapter: string) {
    this.#adapter = adapter
  }

  ran({ name }: Vector, mode: Mode, problems: string[]): void {
    this.#results.push(
      problems.length === 0 ? { name, mode, outcome: 'passed' } : { name, mode, outcome: 'failed', problems },
    )
  }

  notApplicable({ name }: Vector, mode: Mode, missing: Feature[]): void {
    this.#results.push({ name, mode, outcome: 'not-applicable', missing })
  }

  /** Writes them to the folder that `LPR_VECTOR_RESULTS` names; does nothing if it names none. */
  write(): void {
    const folder = process.env.LPR_VECTOR_RESULTS
    if (folder === undefined || folder === '') return
    mkdirSync(folder, { recursive: true })
    const document = { adapter: this.#adapter, results: this.#results }
    writeFileSync(join(folder, `${this.#adapter}.json`), `${JSON.stringify(document)}\n`)
  }
}
