import { itemScope } from './context.ts'
import { isStreamLike, readResult } from './result.ts'
import { StreamWriter } from './stream-writer.ts'
import type { Chunk, Handler, LambdaContext, ResponseStream } from './types.ts'

interface HttpResponseStream {
  from(stream: ResponseStream, head: object): ResponseStream
}

/** Answers an event that is no batch the way a Function URL expects it: head, then body, on Lambda's response stream. */
export async function streamDirect<Event, Context extends LambdaContext>(
  handler: Handler<Event, Context>,
  event: Event,
  stream: ResponseStream,
  lambda: Context,
): Promise<void> {
  const scope = itemScope(lambda, lambda?.awsRequestId ?? '', undefined)
  try {
    const answer = readResult(await handler(event, scope.context))
    const { statusCode, headers, cookies, multiValueHeaders } = answer
    const head = {
      statusCode,
      headers,
      cookies,
      ...(multiValueHeaders === undefined ? {} : { multiValueHeaders }),
    }
    const target = httpStream()?.from(stream, head) ?? stream
    const writer = new StreamWriter(target, (error) => scope.abort(error))
    for await (const chunk of bytesOf(answer.body, answer.isBase64Encoded)) await writer.write(chunk)
    writer.end()
  } finally {
    scope.release()
  }
}

function httpStream(): HttpResponseStream | undefined {
  return (globalThis as { awslambda?: { HttpResponseStream?: HttpResponseStream } }).awslambda
    ?.HttpResponseStream
}

/** The head leaves with the first write, so a body of nothing is one empty write. */
async function* bytesOf(body: unknown, isBase64Encoded: boolean): AsyncGenerator<Chunk> {
  if (isStreamLike(body)) yield* body as AsyncIterable<Chunk>
  else if (isBase64Encoded) yield Buffer.from(String(body), 'base64')
  else yield (body as Chunk | undefined) ?? ''
}
