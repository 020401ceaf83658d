import { type Fields, type Inside, isFields } from './vector.ts'

/** What an invocation gave: a document, lines of NDJSON, or an error that concerns all of it. */
export type Outcome = ({ payload: unknown } | { lines: string[] } | { error: string }) & { inside?: Inside }

/** The outcome of a buffered invocation, from the text of its payload. */
export function bufferedOutcome(text: string): Outcome {
  return { payload: JSON.parse(text) }
}

/** The outcome of a streaming invocation, from all the text it sent. */
export function streamOutcome(text: string): Outcome {
  return { lines: text.split('\n').filter((line) => line !== '') }
}

/** The records of a stream by item, and the ids in the order of their last records. */
export interface Records {
  byId: Map<string, Fields[]>
  order: string[]
}

/** Throws if a line is no JSON object. */
export function readRecords(lines: string[]): Records {
  const byId = new Map<string, Fields[]>()
  for (const line of lines) {
    const record: unknown = JSON.parse(line)
    if (!isFields(record)) throw new Error(`expected a record, got ${line}`)
    const id = String(record.id)
    // Deleted first, so that the map's order is that of the latest records.
    const records = byId.get(id) ?? []
    byId.delete(id)
    byId.set(id, [...records, record])
  }
  return { byId, order: [...byId.keys()] }
}
