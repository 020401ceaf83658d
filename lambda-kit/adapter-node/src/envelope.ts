import type { Item } from './batch-event.ts'
import { asFailure } from './failure.ts'
import { failedResponse } from './records.ts'
import { type Report, reportFailure } from './report.ts'
import type { BufferedResponse } from './wire.ts'

/**
 * Most bytes of responses in one envelope. Lambda takes 6 MiB and fails the whole invocation beyond it, with every
 * item in it; the margin is for the envelope around the responses.
 * https://docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html
 */
const MAX_RESPONSES_BYTES = 6 * 1024 * 1024 - 1024

/** JSON writes one UTF-16 unit as six bytes at most. */
const MAX_BYTES_PER_UNIT = 6

/** The responses, the largest of them replaced by failures if all together would be too large for one invocation. */
export function fitEnvelope<Event>(
  responses: BufferedResponse[],
  items: Item<Event>[],
  report: Report<Event>,
): BufferedResponse[] {
  if (surelyFits(responses)) return responses
  const dropped = new Set(overflowing(responses.map(sizeOf)))
  return responses.map((response, index) => {
    const item = items[index]
    return item && dropped.has(index) ? tooLarge(response, item, report) : response
  })
}

/** Measuring exactly means serialising twice, so most batches are let through by their lengths alone. */
function surelyFits(responses: BufferedResponse[]): boolean {
  const bodies = responses.reduce((sum, { body }) => sum + body.length, 0)
  return bodies * MAX_BYTES_PER_UNIT < MAX_RESPONSES_BYTES / 2
}

/** Indexes of the responses that have no room once the smaller ones have theirs. */
function overflowing(sizes: number[]): number[] {
  let left = MAX_RESPONSES_BYTES
  const dropped: number[] = []
  for (const [index, size] of [...sizes.entries()].sort(([, a], [, b]) => a - b)) {
    left -= size
    if (left < 0) dropped.push(index)
  }
  return dropped
}

function sizeOf(response: BufferedResponse): number {
  return Buffer.byteLength(JSON.stringify(response)) + 1
}

function tooLarge<Event>(
  response: BufferedResponse,
  { id, event }: Item<Event>,
  report: Report<Event>,
): BufferedResponse {
  const problem = `response of ${sizeOf(response)} bytes: all responses of a batch share ${MAX_RESPONSES_BYTES} bytes; stream them, or make maxBatchSize smaller`
  const failure = asFailure('response', new RangeError(problem))
  reportFailure(report, failure, id, event)
  return failedResponse(id, failure)
}
