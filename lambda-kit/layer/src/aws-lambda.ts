import { ItemStream } from './item-stream.ts'

/** A handler as the runtime takes it: `(event, context)`, or `(event, responseStream, context)` when it is marked. */
export type AnyHandler = (...args: unknown[]) => unknown

/** The part of the runtime's response stream that is used here. */
export interface RuntimeStream {
  write(chunk: string | Uint8Array): boolean
  end(callback?: () => void): unknown
  on(event: 'drain' | 'error' | 'close', listener: (error?: Error) => void): unknown
  setContentType?(contentType: string): void
}

interface HttpResponseStream {
  from(stream: unknown, prelude: unknown): unknown
}

/** Marks of a streaming handler. They are what `awslambda.streamifyResponse` leaves, and what the runtime looks for. */
const STREAMING = Symbol.for('aws.lambda.runtime.handler.streaming')
const HIGH_WATER_MARK = Symbol.for('aws.lambda.runtime.handler.streaming.highWaterMark')

type MarkedHandler = AnyHandler & { [STREAMING]?: unknown; [HIGH_WATER_MARK]?: unknown }

/** Whether the runtime would give the handler a response stream. */
export function isStreaming(handler: AnyHandler): boolean {
  return Boolean((handler as MarkedHandler)[STREAMING])
}

/** Makes the runtime give `handler` a response stream, of the size that `model` asks for. */
export function markStreaming(handler: AnyHandler, model: MarkedHandler): AnyHandler {
  const marks = { [STREAMING]: model[STREAMING] ?? 'response', [HIGH_WATER_MARK]: model[HIGH_WATER_MARK] }
  return Object.assign(handler, marks)
}

/**
 * Lets `awslambda.HttpResponseStream.from` take the streams of items too. To be called before the user's module is loaded,
 * which may keep the function for itself.
 */
export function openItemPreludes(): void {
  const { awslambda } = globalThis as { awslambda?: { HttpResponseStream?: HttpResponseStream } }
  const factory = awslambda?.HttpResponseStream
  if (factory === undefined) return
  const from = factory.from.bind(factory)
  factory.from = (stream, prelude) =>
    stream instanceof ItemStream ? stream.setPrelude(prelude) : from(stream, prelude)
}
