import { checkVersion, type Item, isBatchEvent, readItems } from './batch-event.ts'
import { forEachLimited } from './concurrency.ts'
import { Invocation } from './context.ts'
import { streamDirectly } from './direct.ts'
import { asAnyHandler } from './item.ts'
import { awsLambdaGlobal, checkStreamArguments } from './options.ts'
import { createReport, type Report } from './report.ts'
import { answerInterleaved, answerWhole, type StreamJob } from './stream-item.ts'
import { StreamWriter } from './stream-writer.ts'
import { type ItemSpan, inItemSpan } from './tracing.ts'
import type {
  Handler,
  HttpEvent,
  ItemContext,
  LambdaContext,
  ResponseStream,
  StreamAdapterOptions,
  StreamBatchHandler,
} from './types.ts'
import type { BatchEvent } from './wire.ts'

/**
 * Makes a streaming batch handler of a handler of one request, for routes with `invokeMode: response_stream`.
 *
 * Each response is sent as soon as it is done, whichever item it belongs to; with `interleaved`, each piece of a
 * response as soon as it is made. An item that fails is logged, told to `onError` and answered with status 500 (or
 * reset, once its head was sent); the others are not affected. Events that are no batch are handled by the handler
 * itself, its response streamed as behind a function URL.
 *
 * @throws TypeError at once, naming every mistake in the arguments, and if there is no `streamifyResponse`.
 */
export function batchAdapterStream<Event = HttpEvent, Context = ItemContext>(
  handler: Handler<Event, Context>,
  options?: StreamAdapterOptions<Event>,
): StreamBatchHandler<Event> {
  checkStreamArguments('batchAdapterStream', handler, options)
  const plain = asAnyHandler(handler)
  const report = createReport(options?.onError ?? undefined)
  const answer = options?.interleaved ? answerInterleaved<Event> : answerWhole<Event>

  // Two parameters and a rest: a runtime that counts them must not take the third for a callback.
  const adapted: StreamBatchHandler<Event> = async (event, responseStream, ...[context]) => {
    const lambdaContext = context ?? {}
    if (!isBatchEvent(event)) return streamDirectly(plain, event, responseStream, lambdaContext)
    checkVersion(event.v)
    const job = createJob(event, responseStream, lambdaContext, report)
    await answerBatch(event, { ...job, handler: plain }, answer, options?.concurrency)
  }
  const streamify = options?.streamifyResponse ?? awsLambdaGlobal()?.streamifyResponse
  return (streamify as (handler: StreamBatchHandler<Event>) => StreamBatchHandler<Event>)(adapted)
}

const DONE = Promise.resolve()

function createJob<Event>(
  batch: BatchEvent<Event>,
  stream: ResponseStream,
  lambdaContext: Partial<LambdaContext>,
  report: Report<Event>,
): Omit<StreamJob<Event>, 'handler'> {
  stream.setContentType?.('application/x-ndjson')
  const writer = new StreamWriter(stream)
  const deadlineMs = batch.meta?.deadlineMs
  return { writer, invocation: new Invocation({ lambdaContext, deadlineMs, gone: writer.gone }), report }
}

async function answerBatch<Event>(
  batch: BatchEvent<Event>,
  job: StreamJob<Event>,
  answer: (job: StreamJob<Event>, item: Item<Event>, span: ItemSpan) => Promise<void>,
  concurrency = Number.POSITIVE_INFINITY,
): Promise<void> {
  const { writer, invocation, report } = job
  const { awsRequestId } = invocation.bounds.lambdaContext
  const requestId = awsRequestId ?? ''
  writer.gone.onCancel((reason) => report(reason, { requestId, phase: 'write' }))
  const items = readItems(batch, report, requestId)
  try {
    await forEachLimited(items, concurrency, (item) => {
      if (writer.gone.cancelled) return DONE
      return inItemSpan(item, awsRequestId, (span) => answer(job, item, span))
    })
  } finally {
    invocation.dispose()
  }
  await writer.end()
}
