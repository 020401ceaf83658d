// No router and no adapter: what the others are compared with.
import type { HttpEvent } from 'lpr-lambda-adapter'
import { maxDelayMs, randomDelayMs, realDice } from './delay.ts'
import { json } from './greeting.ts'

export async function handler(event: HttpEvent) {
  const longestMs = maxDelayMs(event.queryStringParameters)
  const delayMs = randomDelayMs(realDice, longestMs)
  await realDice.sleep(delayMs)
  const { requestId, http } = event.requestContext
  return json({
    ok: true,
    requestId,
    method: http.method,
    path: event.rawPath,
    maxDelayMs: longestMs,
    delayMs,
  })
}
