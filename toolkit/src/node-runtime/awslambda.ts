import { RuntimeError } from './errors.ts'
import type { Handler } from './load-handler.ts'
import type { ResponseStream } from './response-stream.ts'

/** Marks of a streaming handler. Libraries look for these symbols, so they are Lambda's own. */
const STREAMING = Symbol.for('aws.lambda.runtime.handler.streaming')
const HIGH_WATER_MARK = Symbol.for('aws.lambda.runtime.handler.streaming.highWaterMark')

type MarkedHandler = Handler & { [STREAMING]?: unknown; [HIGH_WATER_MARK]?: unknown }

/** What a handler says about itself. */
export interface HandlerTraits {
  streaming: boolean
  highWaterMark?: number
}

/** Defines the global `awslambda`, which user code may use while it loads. */
export function installAwsLambdaGlobal(): void {
  Object.assign(globalThis, { awslambda: { streamifyResponse, HttpResponseStream: { from } } })
}

/** Reads the marks that `streamifyResponse` leaves. */
export function traitsOf(handler: Handler): HandlerTraits {
  const { [STREAMING]: streaming, [HIGH_WATER_MARK]: highWaterMark } = handler as MarkedHandler
  if (streaming && streaming !== 'response') {
    throw new RuntimeError('Runtime.MalformedStreamingHandler', 'Only response streaming is supported.')
  }
  return {
    streaming: Boolean(streaming),
    ...(typeof highWaterMark === 'number' && highWaterMark > 0 && { highWaterMark }),
  }
}

function streamifyResponse(handler: MarkedHandler, options?: { highWaterMark?: unknown }): Handler {
  handler[STREAMING] = 'response'
  if (typeof options?.highWaterMark === 'number') handler[HIGH_WATER_MARK] = Math.trunc(options.highWaterMark)
  return handler
}

function from(stream: ResponseStream, prelude: unknown): ResponseStream {
  stream.setHttpPrelude(prelude)
  return stream
}
