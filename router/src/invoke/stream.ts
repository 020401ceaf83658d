import type { Clock, Timer } from '../clock.ts'
import type { Delivery } from './delivery.ts'
import { InvokeError } from './invoker.ts'
import type { AnswerReader } from './reader.ts'

export interface StreamLimits {
  /** A stream that has begun and then gives nothing for this long is over. */
  streamIdleTimeoutMs: number
}

/** How long a stream may go on once every request of the batch is answered; ending it cleanly keeps its connection. */
const AFTERLIFE_MS = 1000

/**
 * Reads a response stream to its end. Client backpressure never stops it: what a slow client has not taken is held for
 * that client alone. Ends early when the stream falls silent, or lives on after the last request has its outcome.
 */
export async function readStream(
  chunks: AsyncIterable<Uint8Array>,
  reader: AnswerReader,
  delivery: Delivery,
  abort: AbortController,
  clock: Clock,
  { streamIdleTimeoutMs }: StreamLimits,
): Promise<void> {
  let timer: Timer | undefined
  let silent = false
  let afterlife = false
  try {
    for await (const chunk of chunks) {
      reader.push(chunk)
      // Once set, the limit of the afterlife stands: more bytes that nobody waits for must not prolong it.
      if (afterlife) continue
      afterlife = delivery.complete
      timer?.cancel()
      timer = clock.after(afterlife ? AFTERLIFE_MS : streamIdleTimeoutMs, () => {
        silent = true
        abort.abort()
      })
    }
    reader.end()
  } catch (error) {
    if (delivery.complete) return
    if (silent)
      throw new InvokeError(
        'function_error',
        `the stream gave no record for ${streamIdleTimeoutMs} ms`,
        error,
      )
    throw error
  } finally {
    timer?.cancel()
  }
}
