import { type Body, discardBody, readPieces } from './body.ts'
import { Invocation, type ItemScope } from './context.ts'
import { asFailure } from './failure.ts'
import { type AnyHandler, respond } from './item.ts'
import { awsLambdaGlobal } from './options.ts'
import { StreamWriter } from './stream-writer.ts'
import { wellFormed } from './text.ts'
import type { LambdaContext, ResponseStream } from './types.ts'
import type { ResponseHead } from './wire.ts'

/** Has the handler answer an ordinary event. Its value and its errors come back unchanged. */
export async function answerDirectly<Event>(
  handler: AnyHandler<Event>,
  event: Event,
  lambdaContext: Partial<LambdaContext>,
): Promise<unknown> {
  const invocation = new Invocation({ lambdaContext })
  try {
    return await handler(event, invocation.start().context)
  } finally {
    invocation.dispose()
  }
}

/**
 * Has the handler answer an ordinary event on a response stream, the way function URLs and API Gateway read it: status
 * and headers first, then the body. Rejects with the handler's own error, for the runtime to report.
 */
export async function streamDirectly<Event>(
  handler: AnyHandler<Event>,
  event: Event,
  stream: ResponseStream,
  lambdaContext: Partial<LambdaContext>,
): Promise<void> {
  const openHttpStream = httpStreamOpener()
  const invocation = new Invocation({ lambdaContext, gone: new StreamWriter(stream).gone })
  const scope = invocation.start()
  try {
    const { head, body } = await respond(handler, event, scope)
    await sendHttp(openHttpStream(stream, prelude(head)), body, scope)
  } catch (error) {
    throw asFailure('write', error).cause
  } finally {
    invocation.dispose()
  }
}

type OpenHttpStream = (stream: ResponseStream, prelude: Partial<ResponseHead>) => ResponseStream

function httpStreamOpener(): OpenHttpStream {
  const factory = awsLambdaGlobal()?.HttpResponseStream
  if (factory) return (stream, head) => factory.from(stream, head)
  throw new TypeError(
    'an event that is no batch: expected the global awslambda.HttpResponseStream of the Node.js Lambda runtime to answer it, got none',
  )
}

function prelude({ statusCode, headers, cookies }: ResponseHead): Partial<ResponseHead> {
  return { statusCode, headers, ...(cookies && { cookies }) }
}

async function sendHttp(stream: ResponseStream, body: Body, scope: ItemScope): Promise<void> {
  const writer = new StreamWriter(stream)
  try {
    // The runtime sends status and headers with the first write, so there has to be one even without a body.
    await writer.write('')
  } catch (error) {
    await discardBody(body)
    throw error
  }
  for await (const piece of readPieces(body, scope.cancelled)) {
    await writer.write(typeof piece === 'string' ? wellFormed(piece) : piece)
  }
  await writer.end()
}
