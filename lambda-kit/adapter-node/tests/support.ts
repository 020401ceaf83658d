import { Writable } from 'node:stream'
import { jest } from '@jest/globals'
import type { BatchEvent, HttpEvent, LambdaContext, StreamBatchHandler, StreamRecord } from '../src/index.ts'

/** A request as the router passes it on. */
export function httpEvent(id: string, fields: Partial<HttpEvent> = {}): HttpEvent {
  return {
    version: '2.0',
    routeKey: 'GET /hello/{greeting}',
    rawPath: '/hello/hi',
    rawQueryString: '',
    headers: {},
    requestContext: {
      accountId: '123456789012',
      apiId: 'lpr',
      domainName: 'example.com',
      domainPrefix: 'example',
      requestId: id,
      routeKey: 'GET /hello/{greeting}',
      stage: '$default',
      time: '23/Nov/2026:12:00:00 +0000',
      timeEpoch: 1_795_435_200_000,
      http: {
        method: 'GET',
        path: '/hello/hi',
        protocol: 'HTTP/1.1',
        sourceIp: '192.0.2.1',
        userAgent: 'test',
      },
    },
    isBase64Encoded: false,
    ...fields,
  }
}

export function batchOf<Event>(batch: Event[], meta: { deadlineMs?: number } = {}): BatchEvent<Event> {
  return {
    v: 1,
    meta: { router: 'lambda-parallel-router', route: '/hello/{greeting}', receivedAtMs: Date.now(), ...meta },
    batch,
  }
}

export function httpBatch(...ids: string[]): BatchEvent<HttpEvent> {
  return batchOf(ids.map((id) => httpEvent(id)))
}

export function idOf(event: HttpEvent): string {
  return event.requestContext.requestId
}

export function lambdaContext(fields: Partial<LambdaContext> = {}): Partial<LambdaContext> {
  return { awsRequestId: 'invocation-1', functionName: 'demo', ...fields }
}

/** A promise and the means to settle it. */
export function gate<T = void>() {
  let open: (value: T) => void = () => {}
  let fail: (reason: unknown) => void = () => {}
  const promise = new Promise<T>((resolve, reject) => {
    open = resolve
    fail = reject
  })
  return { promise, open, fail }
}

/** Lets everything happen that waits for nothing but its turn. */
export function turns(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve))
}

/** A response stream that keeps what is written; `hold` makes it full until `release`. */
export class MemoryStream extends Writable {
  readonly chunks: Buffer[] = []
  contentType: string | undefined
  #held: (() => void) | undefined
  #holding = false

  constructor(highWaterMark = 16_384) {
    super({ highWaterMark })
  }

  setContentType(contentType: string): void {
    this.contentType = contentType
  }

  hold(): void {
    this.#holding = true
  }

  release(): void {
    this.#holding = false
    const held = this.#held
    this.#held = undefined
    held?.()
  }

  override _write(chunk: Buffer, _encoding: string, done: () => void): void {
    this.chunks.push(chunk)
    if (this.#holding) this.#held = done
    else done()
  }

  get text(): string {
    return Buffer.concat(this.chunks).toString('utf8')
  }

  get lines(): string[] {
    return this.text.split('\n').slice(0, -1)
  }

  get records(): StreamRecord[] {
    return this.lines.map((line) => JSON.parse(line))
  }

  recordsOf(id: string): StreamRecord[] {
    return this.records.filter((record) => record.id === id)
  }
}

/** Stands in for the runtime's function, which only marks the handler. */
export const streamify = <Event>(handler: StreamBatchHandler<Event>): StreamBatchHandler<Event> => handler

/** Keeps the log out of the test's output, and its lines for the test to read. */
export function captureLog(): { lines: Record<string, unknown>[]; restore(): void } {
  const lines: Record<string, unknown>[] = []
  const spy = jest.spyOn(console, 'error').mockImplementation((line: string) => {
    lines.push(JSON.parse(line))
  })
  return { lines, restore: () => spy.mockRestore() }
}
