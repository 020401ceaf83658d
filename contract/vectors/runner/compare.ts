import { isDeepStrictEqual } from 'node:util'
import { foldRecords, plainRecord, plainRecords } from './answers.ts'
import { type Outcome, parseJson, readRecords } from './outcome.ts'
import { expand } from './prepare.ts'
import { type Expected, type Inside, isFields, type Mode, type Report, type Vector } from './vector.ts'

/** Most characters of one line that a router can be trusted with. */
const MAX_LINE_LENGTH = 1024 * 1024

/** What is wrong with an outcome; nothing if it is as the vector expects. */
export function compare(vector: Vector, mode: Mode, outcome: Outcome): string[] {
  const problems = compareResult(vector, mode, outcome)
  const { inside } = vector.expected
  if (inside && outcome.inside) problems.push(...compareInside(inside, outcome.inside))
  return problems
}

function compareResult(vector: Vector, mode: Mode, outcome: Outcome): string[] {
  const { expected } = vector
  if (expected.error) return compareError(expected.error.includes, outcome)
  if ('error' in outcome) return [`expected an answer, got the error: ${outcome.error}`]
  if ('direct' in expected) return compareDirect(expected, outcome)
  if (mode === 'buffered') return compareBuffered(vector, outcome)
  if ('payload' in outcome) return [`expected a stream, got ${show(outcome.payload)}`]
  return compareStream(vector, mode, outcome.lines)
}

function compareError(texts: string[], outcome: Outcome): string[] {
  if (!('error' in outcome)) return [`expected an error, got ${show(outcome)}`]
  return texts
    .filter((text) => !outcome.error.includes(text))
    .map((text) => `expected an error that says ${show(text)}, got ${show(outcome.error)}`)
}

function compareDirect({ direct }: Expected, outcome: Outcome): string[] {
  return difference('value', direct, 'payload' in outcome ? outcome.payload : outcome)
}

function compareBuffered({ expected, compare: how }: Vector, outcome: Outcome): string[] {
  const payload = 'payload' in outcome ? outcome.payload : undefined
  if (!isFields(payload) || !Array.isArray(payload.responses)) {
    return [`expected an envelope, got ${show(outcome)}`]
  }
  const wanted = (expand(expected.buffered) as { responses: unknown[] }).responses
  const read = (response: unknown) => (how === 'answers' ? foldRecords([response]) : plainRecord(response))
  const ids = (responses: unknown[]) => responses.map((response) => (isFields(response) ? response.id : null))
  return [
    ...difference('v', 1, payload.v),
    ...difference('ids', ids(wanted), ids(payload.responses)),
    ...wanted.flatMap((response, index) => {
      const got = (payload.responses as unknown[])[index]
      return difference(`response ${index}`, read(response), read(got))
    }),
    ...(isWellFormed(payload) ? [] : ['expected text that UTF-8 can carry, got lone surrogates']),
  ]
}

function compareStream(vector: Vector, mode: 'stream' | 'interleaved', lines: string[]): string[] {
  const { byId, order } = readRecords(lines)
  const wanted = expand(vector.expected[mode]) as Record<string, unknown[]>
  const read = vector.compare === 'answers' ? foldRecords : plainRecords
  return [
    ...difference('ids', Object.keys(wanted).sort(), [...byId.keys()].sort()),
    ...Object.entries(wanted).flatMap(([id, records]) => {
      return difference(`records of ${id}`, read(records), read(byId.get(id)))
    }),
    ...(vector.expected.order ? difference('order', vector.expected.order, order) : []),
    ...lines.flatMap(lineProblems),
  ]
}

function lineProblems(line: string): string[] {
  const record = parseJson(line)
  if (!isFields(record)) return [`expected a line with a JSON object, got ${show(line)}`]
  const version = difference('v of a record', 1, record.v)
  const surrogates = isWellFormed(record) ? [] : ['expected text that UTF-8 can carry, got lone surrogates']
  const length = line.length <= MAX_LINE_LENGTH ? [] : [`a line has ${line.length} characters, too many`]
  return [...version, ...surrogates, ...length]
}

function compareInside(expected: Inside, got: Inside): string[] {
  const problems: string[] = []
  if (expected.peak !== undefined) problems.push(...difference('peak', expected.peak, got.peak))
  if (expected.handled) problems.push(...difference('handled', expected.handled, got.handled))
  if (expected.reports) {
    problems.push(...difference('reports', sorted(expected.reports), sorted(got.reports ?? [])))
  }
  return problems
}

function sorted(reports: Report[]): string[] {
  return reports.map(({ requestId, phase }) => `${requestId} ${phase}`).sort()
}

function isWellFormed(value: unknown): boolean {
  if (typeof value === 'string') return value.isWellFormed()
  if (typeof value !== 'object' || value === null) return true
  return Object.entries(value).every(([key, one]) => key.isWellFormed() && isWellFormed(one))
}

function difference(what: string, expected: unknown, got: unknown): string[] {
  if (isDeepStrictEqual(expected, got)) return []
  return [`${what}: expected ${show(expected)}, got ${show(got)}`]
}

function show(value: unknown): string {
  const text = JSON.stringify(value) ?? String(value)
  return text.length <= 2000 ? text : `${text.slice(0, 2000)}... (${text.length} characters)`
}
