import type { FlushReason } from '@lpr/contract'
import type { Counts } from './buckets.ts'

/** What the live feed sends, by the name of its server-sent event. */
export interface Messages {
  /** First, to each viewer. */
  hello: Hello
  /** Once a second. */
  second: Second
  /** Batches of the timeline that are new or have changed. */
  batches: { nowMs: number; batches: BatchView[] }
}

export interface Hello {
  version: string
  configSha256: string | undefined
  routes: { routeKey: string; functionName: string; maxWaitMs: number; maxBatchSize: number }[]
  /** What happened before the viewer came, oldest first; complete seconds of the last minutes. */
  history: Second[]
}

/** What ended, or began, within a second. */
export interface Second {
  /** Unix time of its end, in ms. */
  atMs: number
  state: string
  uptimeSeconds: number
  inflightRequests: number
  inflightInvocations: number
  pendingInvocations: number
  /** By `METHOD /template`, or `''` for what matched no route. Only those with something to tell. */
  routes: Record<string, RouteSecond>
}

export interface RouteSecond {
  /** Requests that ended, however they did. */
  requests: number
  /** Of them, refused by the router for want of room: status 429 or 503 of its own. */
  shed: number
  /** Of them, ended by any other error of router or function, reset, or answered with 5xx. */
  failed: number
  /** By error code, or `reset` or `client_gone` or the status of a function's own 5xx. */
  codes: Record<string, number>
  /** Requests by duration. */
  latency: Counts
  /** Requests of invoked batches by the time that they waited for the invocation. */
  wait: Counts
  /** First attempts by number of requests. */
  sizes: Counts
  flushReasons: Partial<Record<FlushReason, number>>
  /** Retries included. */
  invocations: number
  /** Duration of the invocations that ended. */
  invocationMs: number
  /** Requests that an invocation has answered, and the time from its start to each one's end. */
  items: number
  itemMs: number
}

/** One batch of the timeline. Times are in ms on the router's clock, as `nowMs` is. */
export interface BatchView {
  batchId: string
  routeKey: string
  openedAtMs: number
  flushedAtMs?: number
  flushReason?: FlushReason
  invokedAtMs?: number
  endedAtMs?: number
  outcome?: string
  items: ItemView[]
  /** Requests beyond those in `items`. */
  more: number
}

export interface ItemView {
  joinedAtMs: number
  /** When its record came, or its error was told. */
  answeredAtMs?: number
  status?: number
}
