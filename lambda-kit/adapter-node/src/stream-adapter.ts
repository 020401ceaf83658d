import { type Batch, itemId, readBatch } from './batch.ts'
import { readChunks } from './body.ts'
import { checkConcurrency, forEachLimited } from './concurrency.ts'
import { type ItemScope, itemScope } from './context.ts'
import { streamDirect } from './direct-stream.ts'
import { checkHandler, reportFailure, reportNameless } from './failure.ts'
import {
  chunkRecord,
  endRecord,
  errorRecord,
  failedResponse,
  headRecord,
  line,
  wholeResponse,
} from './records.ts'
import { readResult } from './result.ts'
import { StreamClosedError, StreamWriter } from './stream-writer.ts'
import type {
  ErrorInfo,
  Handler,
  HttpEvent,
  LambdaContext,
  ResponseStream,
  StreamAdapterOptions,
  Streamify,
} from './types.ts'

/**
 * Makes a batch handler of a handler for one request, for routes with `invokeMode: response_stream`. Responses leave
 * as they are ready: whole, or with `interleaved` chunk by chunk, so that server-sent events flow while others wait.
 * An event that is no batch gets an ordinary streamed HTTP response.
 *
 * Throws a TypeError if the handler is no function, `concurrency` is not a positive integer, or there is no
 * `awslambda.streamifyResponse`, as outside the Lambda runtime.
 */
export function batchAdapterStream<Event = HttpEvent, Context extends LambdaContext = LambdaContext>(
  handler: Handler<Event, Context>,
  options: StreamAdapterOptions<Event> = {},
): unknown {
  checkHandler(handler)
  const limit = checkConcurrency(options.concurrency)
  const streamify = options.streamifyResponse ?? globalStreamify()
  return streamify(async (event: unknown, stream: ResponseStream, context: Context) => {
    const batch = readBatch<Event>(event)
    if (batch === undefined) await streamDirect(handler, event as Event, stream, context)
    else await new BatchStream(handler, batch, stream, context, limit, options).run()
  })
}

function globalStreamify(): Streamify {
  const { awslambda } = globalThis as { awslambda?: { streamifyResponse?: Streamify } }
  if (typeof awslambda?.streamifyResponse === 'function') return awslambda.streamifyResponse
  throw new TypeError(
    'awslambda.streamifyResponse is missing: run in the Lambda Node.js runtime or pass streamifyResponse',
  )
}

class BatchStream<Event, Context extends LambdaContext> {
  readonly #handler: Handler<Event, Context>
  readonly #batch: Batch<Event>
  readonly #lambda: Context
  readonly #limit: number
  readonly #options: StreamAdapterOptions<Event>
  readonly #writer: StreamWriter
  readonly #scopes = new Set<ItemScope<Context>>()

  constructor(
    handler: Handler<Event, Context>,
    batch: Batch<Event>,
    stream: ResponseStream,
    lambda: Context,
    limit: number,
    options: StreamAdapterOptions<Event>,
  ) {
    this.#handler = handler
    this.#batch = batch
    this.#lambda = lambda
    this.#limit = limit
    this.#options = options
    stream.setContentType?.('application/x-ndjson')
    this.#writer = new StreamWriter(stream, (error) => {
      for (const scope of this.#scopes) scope.abort(error)
    })
  }

  async run(): Promise<void> {
    await forEachLimited(this.#batch.items, this.#limit, (item) => this.#item(item))
    this.#writer.end()
  }

  async #item(item: Event): Promise<void> {
    const requestId = itemId(item)
    if (requestId === undefined) {
      reportNameless()
      return
    }
    const scope = itemScope(this.#lambda, requestId, this.#batch.deadlineMs)
    this.#scopes.add(scope)
    try {
      await (this.#options.interleaved
        ? this.#interleaved(requestId, item, scope)
        : this.#whole(requestId, item, scope))
    } catch (error) {
      // Nobody reads any more; there is nothing to say and nobody to say it to.
      if (!(error instanceof StreamClosedError)) throw error
    } finally {
      this.#scopes.delete(scope)
      scope.release()
    }
  }

  async #whole(requestId: string, item: Event, { context }: ItemScope<Context>): Promise<void> {
    let phase: ErrorInfo['phase'] = 'handler'
    let text: string
    try {
      const result = await this.#handler(item, context)
      phase = 'response'
      text = line(await wholeResponse(requestId, readResult(result)))
    } catch (error) {
      reportFailure(error, { requestId, item, phase }, this.#options)
      text = line(failedResponse(requestId))
    }
    await this.#writer.write(text)
  }

  async #interleaved(requestId: string, item: Event, { context }: ItemScope<Context>): Promise<void> {
    let phase: ErrorInfo['phase'] = 'handler'
    try {
      const result = await this.#handler(item, context)
      phase = 'response'
      const answer = readResult(result)
      await this.#writer.write(line(headRecord(requestId, answer)))
      phase = 'stream'
      for await (const chunk of readChunks(answer.body, answer.isBase64Encoded)) {
        await this.#writer.write(line(chunkRecord(requestId, chunk)))
      }
      await this.#writer.write(line(endRecord(requestId)))
    } catch (error) {
      if (error instanceof StreamClosedError) throw error
      reportFailure(error, { requestId, item, phase }, this.#options)
      await this.#writer.write(
        line(errorRecord(requestId, phase === 'stream' ? 'stream error' : 'internal error')),
      )
    }
  }
}
