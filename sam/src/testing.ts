import type { HttpEvent } from 'lpr-lambda-adapter'
import type { Dice } from './delay.ts'

/** Dice that always fall the same way and never wait; `slept` has the waits they were asked for. */
export function loadedDice(random = 0): Dice & { slept: number[] } {
  const slept: number[] = []
  return {
    slept,
    random: () => random,
    sleep: async (delayMs) => {
      slept.push(delayMs)
    },
  }
}

/** A request as the router passes it on. */
export function httpEvent(id: string, fields: Partial<HttpEvent> = {}): HttpEvent {
  const routeKey = fields.routeKey ?? 'GET /buffering/simple/{greeting}'
  const [method = 'GET'] = routeKey.split(' ')
  const path = fields.rawPath ?? '/buffering/simple/hello'
  return {
    version: '2.0',
    routeKey,
    rawPath: path,
    rawQueryString: '',
    headers: {},
    pathParameters: { greeting: 'hello' },
    requestContext: {
      accountId: '123456789012',
      apiId: 'lpr',
      domainName: 'example.com',
      domainPrefix: 'example',
      requestId: id,
      routeKey,
      stage: '$default',
      time: '23/Nov/2026:12:00:00 +0000',
      timeEpoch: 1_795_435_200_000,
      http: { method, path, protocol: 'HTTP/1.1', sourceIp: '192.0.2.1', userAgent: 'test' },
    },
    isBase64Encoded: false,
    ...fields,
  }
}

export function batchOf(...batch: HttpEvent[]) {
  const meta = { router: 'lambda-parallel-router', route: '/buffering/simple/{greeting}', receivedAtMs: 0 }
  return { v: 1 as const, meta, batch }
}
