import { readdirSync, readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'

/** How a function answers: with one document, with one record per item, or with several. */
export const MODES = ['buffered', 'stream', 'interleaved'] as const

export type Mode = (typeof MODES)[number]

export type Fields = Record<string, unknown>

/** What not every language can say; `requires` of a vector names those it needs. README.md says what each means. */
export const FEATURES = [
  'abandoned-handlers',
  'cancellation',
  'lone-surrogates',
  'node-streams',
  'non-finite-numbers',
  'opaque-values',
  'streams',
  'sync-streams',
  'throw-anything',
  'unprintable-values',
  'untyped-returns',
  'web-streams',
] as const

export type Feature = (typeof FEATURES)[number]

/** One case: a batch, what the handler does with each item of it, and what must come back. README.md has the details. */
export interface Vector {
  name: string
  description: string
  modes: Mode[]
  /** What a language must be able to say for the case to make sense in it. */
  requires?: Feature[]
  /** Options of the adapter. */
  options?: { concurrency?: number }
  /** Time in ms the invocation has left when it starts; that of the function if absent. */
  remainingMs?: number
  event: unknown
  /** By item id; `*` is for the items that have none of their own. */
  scripts?: Record<string, Fields[]>
  /** Whether records count one by one, or only what the client gets. Default `records`. */
  compare?: 'records' | 'answers'
  expected: Expected
}

export interface Expected {
  buffered?: { v: 1; responses: Fields[] }
  stream?: Record<string, Fields[]>
  interleaved?: Record<string, Fields[]>
  /** The value that comes back as it is, because the event is no batch. */
  direct?: unknown
  /** Set if the invocation as a whole fails: texts that its error message contains. */
  error?: { includes: string[] }
  /** Ids in the order in which their answers end, in streams. */
  order?: string[]
  inside?: Inside
}

/** What only somebody in the same process can see. */
export interface Inside {
  /** Most handlers at work at the same time. */
  peak?: number
  /** Ids of the items whose handlers were called, in that order. */
  handled?: string[]
  /** Errors told to `onError`, in any order; the request id `$invocation` is that of the invocation. */
  reports?: Report[]
}

export interface Report {
  requestId: string
  phase: string
}

/** The folder of the cases. */
export const CASES_URL = new URL('../cases/', import.meta.url)

/** All cases, in the order of their names. */
export function loadVectors(): Vector[] {
  const files = readdirSync(fileURLToPath(CASES_URL)).filter((file) => file.endsWith('.json'))
  return files.sort().map((file) => JSON.parse(readFileSync(new URL(file, CASES_URL), 'utf8')))
}

export function isFields(value: unknown): value is Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
