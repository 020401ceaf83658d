import { type Batch, itemId, readBatch, WIRE_VERSION } from './batch.ts'
import { checkConcurrency, forEachLimited } from './concurrency.ts'
import { itemScope } from './context.ts'
import { checkHandler, reportFailure, reportNameless } from './failure.ts'
import { failedResponse, type WholeResponse, wholeResponse } from './records.ts'
import { readResult } from './result.ts'
import type { AdapterOptions, Handler, HttpEvent, LambdaContext } from './types.ts'

/** The buffered answer to a batch event: responses in the order of the items. */
export interface BatchResult {
  v: typeof WIRE_VERSION
  responses: WholeResponse[]
}

/**
 * Makes a batch handler of a handler for one request, for routes with `invokeMode: buffered`. Items run concurrently;
 * one that fails is logged and answered with 500, and harms no other. An event that is no batch goes to the plain handler.
 *
 * Throws a TypeError if the handler is no function or `concurrency` is not a positive integer.
 */
export function batchAdapter<Event = HttpEvent, Context extends LambdaContext = LambdaContext>(
  handler: Handler<Event, Context>,
  options: AdapterOptions<Event> = {},
): (event: unknown, context: Context) => Promise<unknown> {
  checkHandler(handler)
  const limit = checkConcurrency(options.concurrency)
  return async (event, context) => {
    const batch = readBatch<Event>(event)
    if (batch === undefined) return runDirect(handler, event as Event, context)
    return runBatch(handler, batch, context, limit, options)
  }
}

async function runDirect<Event, Context extends LambdaContext>(
  handler: Handler<Event, Context>,
  event: Event,
  lambda: Context,
): Promise<unknown> {
  const scope = itemScope(lambda, lambda?.awsRequestId ?? '', undefined)
  try {
    return await handler(event, scope.context)
  } finally {
    scope.release()
  }
}

async function runBatch<Event, Context extends LambdaContext>(
  handler: Handler<Event, Context>,
  { items, deadlineMs }: Batch<Event>,
  lambda: Context,
  limit: number,
  options: AdapterOptions<Event>,
): Promise<BatchResult> {
  const responses = new Array<WholeResponse | undefined>(items.length)
  await forEachLimited(items, limit, async (item, index) => {
    const requestId = itemId(item)
    if (requestId === undefined) {
      reportNameless()
      return
    }
    const scope = itemScope(lambda, requestId, deadlineMs)
    let phase: 'handler' | 'response' = 'handler'
    try {
      const result = await handler(item, scope.context)
      phase = 'response'
      responses[index] = await wholeResponse(requestId, readResult(result))
    } catch (error) {
      reportFailure(error, { requestId, item, phase }, options)
      responses[index] = failedResponse(requestId)
    } finally {
      scope.release()
    }
  })
  return { v: WIRE_VERSION, responses: responses.filter((response) => response !== undefined) }
}
