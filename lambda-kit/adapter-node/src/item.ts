import { discardBody } from './body.ts'
import { promiseHandler } from './callback.ts'
import type { ItemScope } from './context.ts'
import { asFailure } from './failure.ts'
import { type Response, readResponse } from './response.ts'
import type { Handler, ItemContext } from './types.ts'

/** A handler of any event. Its context is made by the adapter, so its type is the adapter's to promise. */
export type AnyHandler<Event> = (event: Event, context: ItemContext) => unknown

/**
 * The handler as the adapter calls it: without a callback, and without the context type a user gave it, as the item
 * context inherits whatever the Lambda context has.
 */
export function asAnyHandler<Event, Context>(handler: Handler<Event, Context>): AnyHandler<Event> {
  return promiseHandler(handler) as AnyHandler<Event>
}

/** Has the handler answer one event. Throws an ItemFailure if it fails, or if the scope is cancelled first. */
export async function respond<Event>(
  handler: AnyHandler<Event>,
  event: Event,
  scope: ItemScope,
): Promise<Response> {
  const working = call(handler, event, scope.context)
  let value: unknown
  try {
    value = await scope.cancelled.race(working)
  } catch (error) {
    if (scope.cancelled.cancelled) void working.then(discardValue, () => {})
    throw asFailure('handler', error)
  }
  return asResponse(value)
}

function call<Event>(handler: AnyHandler<Event>, event: Event, context: ItemContext): Promise<unknown> {
  try {
    return Promise.resolve(handler(event, context))
  } catch (error) {
    return Promise.reject(error)
  }
}

function asResponse(value: unknown): Response {
  try {
    return readResponse(value)
  } catch (error) {
    throw asFailure('response', error)
  }
}

/** An answer that came too late may still hold a file or a connection. */
async function discardValue(value: unknown): Promise<void> {
  try {
    await discardBody(readResponse(value).body)
  } catch {
    // It was no response, so it holds nothing that could be let go.
  }
}
