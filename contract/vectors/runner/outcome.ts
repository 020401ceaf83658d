import { type Fields, type Inside, isFields } from './vector.ts'

/** What an invocation gave: a document, lines of NDJSON, or an error that concerns all of it. */
export type Outcome = ({ payload: unknown } | { lines: string[] } | { error: string }) & { inside?: Inside }

/** The outcome of a buffered invocation, from the text of its payload. */
export function bufferedOutcome(text: string): Outcome {
  const payload = parseJson(text)
  return payload === undefined ? { error: `the payload is no JSON: ${abridged(text)}` } : { payload }
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

/** Lines that are no records are left out; the comparison tells of them. */
export function readRecords(lines: string[]): Records {
  const byId = new Map<string, Fields[]>()
  for (const record of lines.map(parseJson)) {
    if (!isFields(record)) continue
    const id = String(record.id)
    // Deleted first, so that the map's order is that of the latest records.
    const records = byId.get(id) ?? []
    byId.delete(id)
    byId.set(id, [...records, record])
  }
  return { byId, order: [...byId.keys()] }
}

/** The value of a JSON text, which is never undefined; undefined if it is no JSON. */
export function parseJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

function abridged(text: string): string {
  return text.length <= 200 ? text : `${text.slice(0, 200)}... (${text.length} characters)`
}
