import type { ItemContext } from 'lpr-lambda-adapter'
import { type DemoEvent, maxDelayMs, randomDelay } from './hello.ts'

const DEFAULT_TOKENS = 20
const MAX_TOKENS = 200

/** Server-sent events, one token at a time, each after its own random delay; the last one names the request. */
export function tokens(event: DemoEvent, context: Pick<ItemContext, 'signal'>) {
  return {
    statusCode: 200,
    headers: { 'content-type': 'text/event-stream', 'cache-control': 'no-cache' },
    body: events(event, context.signal),
  }
}

async function* events(event: DemoEvent, signal: AbortSignal): AsyncGenerator<string> {
  const query = event.queryStringParameters ?? {}
  const asked = Number(query.tokens ?? query.count ?? DEFAULT_TOKENS)
  const count = Number.isInteger(asked) ? Math.min(MAX_TOKENS, Math.max(0, asked)) : DEFAULT_TOKENS
  const limitMs = Math.min(maxDelayMs(event), 1000)
  for (let index = 0; index < count; index++) {
    await randomDelay(limitMs, signal)
    yield `event: token\ndata: ${JSON.stringify({ index, token: `${query.prefix ?? 'token'}-${index}` })}\n\n`
  }
  yield `event: done\ndata: ${JSON.stringify({ id: event.requestContext.requestId, count })}\n\n`
}
