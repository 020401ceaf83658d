import type { HttpEvent } from 'lpr-lambda-adapter'
import { type Dice, maxDelayMs, randomDelayMs, realDice } from './delay.ts'

/** What every greeting function answers, so that their answers can be compared. */
export interface Greeting {
  ok: true
  id: string
  greeting: string | undefined
  method: string
  path: string
  routeKey: string
  query: Record<string, string | undefined>
  pathParameters: Record<string, string | undefined>
  maxDelayMs: number
  delayMs: number
  bodyUtf8: string | undefined
}

/** Waits as long as `max-delay` and chance will have it, then greets. */
export async function greet(event: HttpEvent, dice: Dice = realDice): Promise<Greeting> {
  const longestMs = maxDelayMs(event.queryStringParameters)
  const delayMs = randomDelayMs(dice, longestMs)
  await dice.sleep(delayMs)
  return {
    ok: true,
    id: event.requestContext.requestId,
    greeting: event.pathParameters?.greeting,
    method: event.requestContext.http.method,
    path: event.rawPath,
    routeKey: event.routeKey,
    query: event.queryStringParameters ?? {},
    pathParameters: event.pathParameters ?? {},
    maxDelayMs: longestMs,
    delayMs,
    bodyUtf8: bodyBytes(event)?.toString('utf8'),
  }
}

/** The body as bytes, or undefined if the request had none. */
export function bodyBytes({ body, isBase64Encoded }: HttpEvent): Buffer | undefined {
  return body === undefined ? undefined : Buffer.from(body, isBase64Encoded ? 'base64' : 'utf8')
}

/** A value as a JSON response. */
export function json(value: unknown) {
  return { statusCode: 200, headers: { 'content-type': 'application/json' }, body: JSON.stringify(value) }
}
