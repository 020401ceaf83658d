import { checkVersion, type Item, isBatchEvent, readItems } from './batch-event.ts'
import { collectBody } from './body.ts'
import { forEachLimited } from './concurrency.ts'
import { Invocation } from './context.ts'
import { answerDirectly } from './direct.ts'
import { fitEnvelope } from './envelope.ts'
import { asFailure, inPhase } from './failure.ts'
import { type AnyHandler, asAnyHandler, respond } from './item.ts'
import { checkArguments } from './options.ts'
import { failedResponse, wholeResponse } from './records.ts'
import { createReport, type Report, reportFailure } from './report.ts'
import { type ItemSpan, inItemSpan } from './tracing.ts'
import type { AdapterOptions, BatchHandler, Handler, HttpEvent, ItemContext, LambdaContext } from './types.ts'
import { type BatchEvent, type BufferedEnvelope, type BufferedResponse, WIRE_VERSION } from './wire.ts'

/**
 * Makes a batch handler of a handler of one request, for routes with `invokeMode: buffered`.
 *
 * Items are handled side by side, and their responses come back in the items' order. An item that fails is logged,
 * told to `onError` and answered with status 500; the others are not affected. Events that are no batch go to the
 * handler itself, and its value comes back unchanged.
 *
 * @throws TypeError at once, naming every mistake in the arguments.
 */
export function batchAdapter<Event = HttpEvent, Context = ItemContext>(
  handler: Handler<Event, Context>,
  options?: AdapterOptions<Event>,
): BatchHandler<Event> {
  checkArguments('batchAdapter', handler, options)
  const plain = asAnyHandler(handler)
  const report = createReport(options?.onError ?? undefined)

  function adapted(event: BatchEvent<Event>, context?: Partial<LambdaContext>): Promise<BufferedEnvelope>
  function adapted(event: Event, context?: Partial<LambdaContext>): Promise<unknown>
  async function adapted(
    event: BatchEvent<Event> | Event,
    context?: Partial<LambdaContext>,
  ): Promise<unknown> {
    const lambdaContext = context ?? {}
    if (!isBatchEvent(event)) return answerDirectly(plain, event, lambdaContext)
    checkVersion(event.v)
    return answerBatch(plain, event, lambdaContext, report, options?.concurrency)
  }
  return adapted
}

async function answerBatch<Event>(
  handler: AnyHandler<Event>,
  batch: BatchEvent<Event>,
  lambdaContext: Partial<LambdaContext>,
  report: Report<Event>,
  concurrency = Number.POSITIVE_INFINITY,
): Promise<BufferedEnvelope> {
  const invocation = new Invocation({ lambdaContext, deadlineMs: batch.meta?.deadlineMs })
  const items = readItems(batch, report, lambdaContext.awsRequestId ?? '')
  const responses = new Array<BufferedResponse>(items.length)
  try {
    await forEachLimited(items, concurrency, async (item, index) => {
      responses[index] = await inItemSpan(item, lambdaContext.awsRequestId, (span) => {
        return answerItem(handler, item, invocation, report, span)
      })
    })
  } finally {
    invocation.dispose()
  }
  return { v: WIRE_VERSION, responses: fitEnvelope(responses, items, report) }
}

/** Never rejects: a failure is an answer too. */
async function answerItem<Event>(
  handler: AnyHandler<Event>,
  item: Item<Event>,
  invocation: Invocation,
  report: Report<Event>,
  span: ItemSpan,
): Promise<BufferedResponse> {
  const { id, event } = item
  const scope = invocation.start(item)
  try {
    const { head, body } = await respond(handler, event, scope)
    const chunk =
      'whole' in body ? body.whole : await inPhase('body', () => collectBody(body, scope.cancelled))
    span.answered(head.statusCode)
    return wholeResponse(id, head, chunk)
  } catch (error) {
    const failure = asFailure('response', error)
    reportFailure(report, failure, id, event)
    span.failed(failure)
    return failedResponse(id, failure)
  } finally {
    scope.dispose()
  }
}
