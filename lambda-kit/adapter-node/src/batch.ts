/** A batch event as the router sends it, reduced to what adapters may rely on. */
export interface Batch<Event> {
  items: Event[]
  /** Unix time in ms by which the last client gives up. */
  deadlineMs: number | undefined
}

/** The version of the wire format that this adapter speaks. */
export const WIRE_VERSION = 1

/**
 * Reads a batch event. Undefined when the event is no batch but an ordinary one, for the plain handler.
 * Throws when it is a batch of a version that this adapter does not know.
 */
export function readBatch<Event>(event: unknown): Batch<Event> | undefined {
  if (!isObject(event) || event.v === undefined || !Array.isArray(event.batch)) return undefined
  if (event.v !== WIRE_VERSION) {
    throw new Error(
      `batch event has version ${JSON.stringify(event.v)}, this adapter knows ${WIRE_VERSION}: update lpr-lambda-adapter`,
    )
  }
  const deadlineMs =
    isObject(event.meta) && typeof event.meta.deadlineMs === 'number' ? event.meta.deadlineMs : undefined
  return { items: event.batch as Event[], deadlineMs }
}

/** The id that the router knows an item by; undefined when it has none, and nothing can be answered for it. */
export function itemId(item: unknown): string | undefined {
  if (!isObject(item)) return undefined
  const fromContext = isObject(item.requestContext) ? item.requestContext.requestId : undefined
  const id = fromContext ?? item.id
  return typeof id === 'string' && id !== '' ? id : undefined
}

export function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
