import { Histogram, type HistogramData } from './histogram.ts'
import type { Head } from './response-reader.ts'

/** What came of the requests of one run. */
export interface LoadResult {
  /** From the first intended send to the last response. */
  elapsedMs: number
  sent: number
  /** 2xx, whole. */
  ok: number
  /** 429 and 503. */
  rejected: number
  rejectedWithRetryAfter: number
  /** Everything else: other statuses, resets. */
  failed: number
  /** To the last byte of good answers, from the intended send. */
  latency: HistogramData
  /** To the first byte of the body of good answers, from the intended send. */
  firstByte: HistogramData
  /** From the send to the first byte, less the wait for the batch (at most the window) and the function's own time. */
  added: HistogramData
  /** To the last byte of rejections, from the intended send. */
  rejection: HistogramData
  /** How late the generator itself sent, free connections given. */
  lateness: HistogramData
  /** Most connections that were open. */
  connections: number
}

/** Names of the response headers from which time that is not the subject's is known. */
export const FUNCTION_US_HEADER = 'x-bench-function-us'
const BATCH_WAIT_HEADER = 'x-lpr-batch-wait-ms'

/** Counts the outcomes of requests. All times in ms on one clock. */
export class Tally {
  readonly #maxWaitMs: number
  readonly #latency = new Histogram()
  readonly #firstByte = new Histogram()
  readonly #added = new Histogram()
  readonly #rejection = new Histogram()
  readonly #lateness = new Histogram()
  sent = 0
  #ok = 0
  #rejected = 0
  #rejectedWithRetryAfter = 0
  #failed = 0

  constructor(maxWaitMs: number) {
    this.#maxWaitMs = maxWaitMs
  }

  /**
   * Times count from the intended send. Counting from the real one would hide what the subject has done to those
   * requests that could not be sent because it was slow (coordinated omission). Only of what the subject adds the
   * generator's own lateness is no part.
   */
  answered(
    times: { intendedMs: number; sentMs: number; firstByteMs: number; endMs: number },
    head: Head,
  ): void {
    const latencyMs = times.endMs - times.intendedMs
    if (head.status >= 200 && head.status < 300) {
      this.#ok += 1
      this.#latency.record(latencyMs * 1000)
      this.#firstByte.record((times.firstByteMs - times.intendedMs) * 1000)
      this.#recordAdded(times.firstByteMs - times.sentMs, head)
    } else if (head.status === 429 || head.status === 503) {
      this.#rejected += 1
      this.#rejection.record(latencyMs * 1000)
      if (head.header('retry-after') !== undefined) this.#rejectedWithRetryAfter += 1
    } else {
      this.#failed += 1
    }
  }

  broken(): void {
    this.#failed += 1
  }

  late(ms: number): void {
    this.#lateness.record(ms * 1000)
  }

  result(elapsedMs: number, connections: number): LoadResult {
    return {
      elapsedMs,
      sent: this.sent,
      ok: this.#ok,
      rejected: this.#rejected,
      rejectedWithRetryAfter: this.#rejectedWithRetryAfter,
      failed: this.#failed,
      latency: this.#latency.data(),
      firstByte: this.#firstByte.data(),
      added: this.#added.data(),
      rejection: this.#rejection.data(),
      lateness: this.#lateness.data(),
      connections,
    }
  }

  /** A wait beyond the window is the router's own doing, so no more than the window is taken off. */
  #recordAdded(firstByteMs: number, head: Head): void {
    const functionUs = head.header(FUNCTION_US_HEADER)
    const waitMs = head.header(BATCH_WAIT_HEADER)
    if (functionUs === undefined || waitMs === undefined) return
    const notOurs = Number(functionUs) / 1000 + Math.min(Number(waitMs), this.#maxWaitMs)
    this.#added.record((firstByteMs - notOurs) * 1000)
  }
}
