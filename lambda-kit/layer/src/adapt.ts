import {
  type BatchEvent,
  batchAdapter,
  batchAdapterStream,
  type HttpEvent,
  type ItemContext,
  type LambdaContext,
} from 'lpr-lambda-adapter'
import { isBatchEvent } from '../../adapter-node/src/batch-event.ts'
import { type AnyHandler, isStreaming, markStreaming, type RuntimeStream } from './aws-lambda.ts'
import { answerOnStream } from './item-stream.ts'
import type { Settings } from './settings.ts'
import { contextOfBatch, workDone } from './work.ts'

type ItemHandler = (event: HttpEvent, context: ItemContext) => unknown
type Options = Pick<Settings, 'invokeMode' | 'concurrency'>

/**
 * Makes the handler that the runtime gets of the one that the user wrote: a batch is taken apart, any other event goes to
 * the user's handler, with everything that the runtime passed. Throws for a handler that wants a callback.
 */
export function adapt(handler: AnyHandler, options: Options): AnyHandler {
  if (isStreaming(handler)) return adaptStreaming(handler, options)
  if (handler.length > 2) throw callbackExpected(handler)
  const item: ItemHandler = (event, context) => handler(event, context)
  if (options.invokeMode === 'buffered') return adaptBuffered(handler, item, options)
  return markStreaming(adaptStreamed(handler, item, options), handler)
}

function adaptBuffered(handler: AnyHandler, item: ItemHandler, { concurrency }: Options): AnyHandler {
  const answerBatch = batchAdapter<HttpEvent>(item, { concurrency })
  // Two parameters: a runtime that counts them must not take a third for a callback.
  return async (event, context) => {
    return isBatch(event) ? answerBatch(event, context as LambdaContext) : handler(event, context)
  }
}

/** For handlers that return: each response is one record. Other callers find on the stream what the runtime would send. */
function adaptStreamed(handler: AnyHandler, item: ItemHandler, { concurrency }: Options): AnyHandler {
  const streamBatch = batchAdapterStream<HttpEvent>(item, { concurrency, streamifyResponse: same })
  return async (event, stream, ...[context]) => {
    const response = stream as RuntimeStream
    if (isBatch(event)) return streamBatch(event, response, context as LambdaContext)
    sendJson(response, await handler(event, context))
  }
}

/** For handlers that stream: what they write goes out as they write it, or in the end when the answer is buffered. */
function adaptStreaming(handler: AnyHandler, { invokeMode, concurrency }: Options): AnyHandler {
  const item: ItemHandler = (event, context) => answerOnStream(handler, event, context)
  const answerBatch = batchAdapter<HttpEvent>(item, { concurrency })
  const streamOptions = { concurrency, interleaved: true, streamifyResponse: same }
  const streamBatch = batchAdapterStream<HttpEvent>(item, streamOptions)
  const adapted: AnyHandler = async (event, stream, ...[context]) => {
    if (!isBatch(event)) return handler(event, stream, context)
    const batchContext = contextOfBatch(context as LambdaContext)
    const response = stream as RuntimeStream
    if (invokeMode === 'response_stream') await streamBatch(event, response, batchContext)
    else sendJson(response, await answerBatch(event, batchContext))
    await workDone(batchContext)
  }
  return markStreaming(adapted, handler)
}

function isBatch(event: unknown): event is BatchEvent<HttpEvent> {
  return isBatchEvent(event as HttpEvent)
}

function sendJson(stream: RuntimeStream, value: unknown): void {
  const json = toJson(value)
  stream.setContentType?.('application/json')
  stream.write(json)
  stream.end()
}

/** As the runtime does it, error and all. */
function toJson(value: unknown): string {
  try {
    return JSON.stringify(value === undefined ? null : value) ?? 'null'
  } catch (cause) {
    throw named('Runtime.JSONStringifyError', 'Unable to stringify response body', cause)
  }
}

function callbackExpected({ length }: AnyHandler): Error {
  const message = `the layer serves handlers of (event, context), got one with ${length} parameters: return a promise instead of calling back`
  return named('Runtime.CallbackHandlerDeprecated', message)
}

function named(name: string, message: string, cause?: unknown): Error {
  return Object.assign(new Error(message, { cause }), { name })
}

function same<T>(handler: T): T {
  return handler
}
