import { readSetup, scriptHandler } from '@lpr/contract/vectors'
import {
  batchAdapter,
  batchAdapterStream,
  type HttpEvent,
  type ItemContext,
  type LambdaContext,
  type OnError,
  type StreamAdapterOptions,
  type StreamBatchHandler,
} from '../src/index.ts'

type Event = HttpEvent
type Context = Partial<LambdaContext>
type Streamify = NonNullable<StreamAdapterOptions<Event>['streamifyResponse']>

/**
 * The handlers of a function that executes vectors, one for each mode. The adapter is made anew for every event, as
 * each vector has options of its own.
 */
export function vectorHandlers(streamifyResponse: Streamify, onError?: OnError<Event>) {
  const optionsOf = (event: unknown) => ({ ...readSetup(event).options, onError })
  const buffered = (event: Event, context: Context): Promise<unknown> => {
    return batchAdapter<Event, ItemContext>(scriptHandler, optionsOf(event))(
      event,
      contextFor(event, context),
    )
  }
  const streaming = (interleaved: boolean): StreamBatchHandler<Event> => {
    return streamed(streamifyResponse, (event, stream, context = {}) => {
      const options = { ...optionsOf(event), interleaved, streamifyResponse: identity }
      const adapted = batchAdapterStream<Event, ItemContext>(scriptHandler, options)
      return adapted(event, stream, contextFor(event, context))
    })
  }
  return { buffered, stream: streaming(false), interleaved: streaming(true) }
}

function streamed(streamify: Streamify, handler: StreamBatchHandler<Event>): StreamBatchHandler<Event> {
  // Two parameters and a rest, as the adapter itself does for runtimes that count them.
  return streamify((event, stream, ...rest) => handler(event, stream, ...rest)) as StreamBatchHandler<Event>
}

function identity(handler: StreamBatchHandler<Event>): StreamBatchHandler<Event> {
  return handler
}

/** The context as it would be if the function had the name and the timeout that the vector asks for. */
function contextFor(event: unknown, context: Context): Context {
  const named: Context = Object.assign(Object.create(context), { functionName: 'vectors' })
  const { remainingMs } = readSetup(event)
  if (remainingMs === undefined) return named
  const endMs = Date.now() + remainingMs
  return Object.assign(named, { getRemainingTimeInMillis: () => endMs - Date.now() })
}
