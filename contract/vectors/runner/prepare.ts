import { RUN_HEADER, SCRIPT_HEADER } from '../handlers/script-handler.ts'
import { constant } from '../handlers/script-values.ts'
import { type Fields, isFields, type Vector } from './vector.ts'

/** Where a batch event carries what the function is to set up for the case; see `readSetup`. */
const SETUP_KEY = 'vector'

/** What a function under test sets up before it lets the adapter answer. */
export interface Setup {
  options: { concurrency?: number }
  /** What the context is to say of the time left when the invocation starts, instead of the truth. */
  remainingMs?: number
}

/** The event to send: with times made absolute, and with the scripts and the setup on board. `run` is unique. */
export function prepareEvent(vector: Vector, run: string, nowMs: number): unknown {
  const event = expand(vector.event, nowMs)
  if (!isFields(event)) return event
  if (!isBatch(event)) return withScript(event, vector, run)
  const batch = event.batch.map((item) => withScript(item, vector, run))
  return { ...event, batch, ...(isFields(event.meta) && { meta: withSetup(event.meta, vector) }) }
}

/** The setup in an event, for the function under test. */
export function readSetup(event: unknown): Setup {
  const meta = isFields(event) && isFields(event.meta) ? event.meta : {}
  return (meta[SETUP_KEY] as Setup | undefined) ?? { options: {} }
}

/** The id by which an adapter must know the item; empty if it has none. */
export function idOf(item: unknown): string {
  if (!isFields(item)) return ''
  const own = isFields(item.requestContext) ? item.requestContext.requestId : undefined
  return String(own ?? item.id ?? '')
}

/** Writes out what vectors abbreviate: long texts, and times that are counted from now. */
export function expand(value: unknown, nowMs = 0): unknown {
  if (Array.isArray(value)) return value.map((one) => expand(one, nowMs))
  if (!isFields(value)) return value
  if ('$nowPlusMs' in value) return nowMs + Number(value.$nowPlusMs)
  const [operator] = Object.keys(value)
  if (operator?.startsWith('$')) return constant(operator, value)
  return Object.fromEntries(Object.entries(value).map(([key, one]) => [key, expand(one, nowMs)]))
}

function isBatch(event: Fields): event is Fields & { batch: unknown[] } {
  return 'v' in event && Array.isArray(event.batch)
}

function withScript(item: unknown, { scripts = {} }: Vector, run: string): unknown {
  const id = idOf(item)
  const script = Object.hasOwn(scripts, id) ? scripts[id] : scripts['*']
  if (!isFields(item) || script === undefined) return item
  const headers = isFields(item.headers) ? item.headers : {}
  return { ...item, headers: { ...headers, [SCRIPT_HEADER]: toAscii(script), [RUN_HEADER]: run } }
}

function withSetup(meta: Fields, { options = {}, remainingMs }: Vector): Fields {
  return { ...meta, [SETUP_KEY]: { options, ...(remainingMs !== undefined && { remainingMs }) } }
}

/** JSON that survives any treatment of headers. */
function toAscii(value: unknown): string {
  const escaped = (unit: string) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`
  return JSON.stringify(value).replace(/[^ -~]/g, escaped)
}
