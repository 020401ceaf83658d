import { type Tracer, trace } from '@opentelemetry/api'
import type { HttpEvent } from 'lpr-lambda-adapter'

/** A handler with spans of its own, before and after something that it waits for, and while its body is read. */
export function tracedHandler(wait: () => Promise<void>) {
  return async (event: HttpEvent) => {
    await inSpan('before', event, async () => {})
    await wait()
    await inSpan('after', event, async () => {})
    if (event.rawPath === '/fail') throw new Error('on purpose')
    return { statusCode: 200, body: pieces(event) }
  }
}

async function* pieces(event: HttpEvent): AsyncGenerator<string> {
  for (const piece of ['one', 'two']) {
    yield inSpan(piece, event, async () => piece)
  }
}

function inSpan<Result>(name: string, event: HttpEvent, work: () => Promise<Result>): Promise<Result> {
  const attributes = { id: event.requestContext.requestId }
  return tracer().startActiveSpan(name, { attributes }, async (span) => {
    // Another turn, so that a mixed-up context would show.
    await new Promise((resolve) => setImmediate(resolve))
    return work().finally(() => span.end())
  })
}

function tracer(): Tracer {
  return trace.getTracer('handler')
}
