import type { Report } from './report.ts'
import { type BatchEvent, WIRE_VERSION } from './wire.ts'

/** One request of a batch, with the id its answer must carry. */
export interface Item<Event> {
  id: string
  event: Event
}

/** Whether the event is a batch from the router; anything else is an ordinary event. */
export function isBatchEvent<Event>(event: BatchEvent<Event> | Event): event is BatchEvent<Event> {
  return (
    typeof event === 'object' &&
    event !== null &&
    'v' in event &&
    'batch' in event &&
    Array.isArray(event.batch)
  )
}

/** Throws if the batch is of a version this adapter does not speak. */
export function checkVersion(version: unknown): void {
  if (version === WIRE_VERSION) return
  throw new Error(
    `batch event: expected version ${WIRE_VERSION}, got ${JSON.stringify(version)}; ` +
      'update lpr-lambda-adapter to a release that speaks it',
  )
}

/**
 * The items that can be answered, in order. One without an id, or with the id of an earlier one, can not: it is
 * reported and left out, and the others go on.
 */
export function readItems<Event>(
  batch: BatchEvent<Event>,
  report: Report<Event>,
  invocationId: string,
): Item<Event>[] {
  const items = new Map<string, Item<Event>>()
  for (const [index, event] of batch.batch.entries()) {
    const id = idOf(event)
    const problem = problemWith(id, items)
    if (problem === undefined) items.set(id, { id, event })
    else
      report(new Error(`batch[${index}]: ${problem}`), {
        requestId: id || invocationId,
        item: event,
        phase: 'item',
      })
  }
  return [...items.values()]
}

function problemWith(id: string, items: Map<string, unknown>): string | undefined {
  if (id === '') return 'expected an id in requestContext.requestId, got none'
  return items.has(id) ? `expected an id of its own, got ${id}, which an earlier item has` : undefined
}

/** `requestContext.requestId`, else `id`, else the empty string. */
function idOf(event: unknown): string {
  const id = get(get(event, 'requestContext'), 'requestId') ?? get(event, 'id')
  return typeof id === 'string' || typeof id === 'number' ? String(id) : ''
}

function get(value: unknown, key: string): unknown {
  return typeof value === 'object' && value !== null ? (value as Record<string, unknown>)[key] : undefined
}
