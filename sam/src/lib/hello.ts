import { setTimeout as sleep } from 'node:timers/promises'

/** What the demo handlers read of an event; all of API Gateway's payload format 2.0 is there. */
export interface DemoEvent {
  routeKey?: string
  rawPath?: string
  queryStringParameters?: Record<string, string | undefined>
  pathParameters?: Record<string, string | undefined>
  requestContext: { requestId: string; routeKey?: string; http: { method: string; path?: string } }
  body?: string
  isBase64Encoded?: boolean
}

/** The demo endpoint is public: a delay costs money, so it stays well below the routes' timeout of 8 s. */
export const MAX_DELAY_MS = 5000

/** Milliseconds that `?max-delay=` allows a handler to sleep, capped; 0 without it. */
export function maxDelayMs(event: DemoEvent): number {
  const asked = Number(event.queryStringParameters?.['max-delay'] ?? 0)
  return Number.isFinite(asked) ? Math.min(MAX_DELAY_MS, Math.max(0, asked)) : 0
}

/** Sleeps a random time, standing in for the I/O that real handlers wait for. Returns the ms slept. */
export async function randomDelay(limitMs: number, signal?: AbortSignal): Promise<number> {
  const delayMs = Math.round(Math.random() * limitMs)
  if (delayMs > 0) await sleep(delayMs, undefined, signal === undefined ? {} : { signal })
  return delayMs
}

/** The demo's answer: who asked for what, and how long it took. */
export async function hello(event: DemoEvent): Promise<Record<string, unknown>> {
  const limitMs = maxDelayMs(event)
  const delayMs = await randomDelay(limitMs)
  const encoding = event.isBase64Encoded ? 'base64' : 'utf8'
  return {
    ok: true,
    id: event.requestContext.requestId,
    greeting: event.pathParameters?.greeting,
    method: event.requestContext.http.method,
    path: event.rawPath,
    routeKey: event.routeKey,
    query: event.queryStringParameters ?? {},
    pathParameters: event.pathParameters ?? {},
    maxDelayMs: limitMs,
    delayMs,
    bodyUtf8: event.body === undefined ? '' : Buffer.from(event.body, encoding).toString('utf8'),
  }
}
