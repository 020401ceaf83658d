import type { Item } from './batch-event.ts'
import { type Body, type Chunk, collectBody, discardBody, MAX_CHUNK_LENGTH, readPieces } from './body.ts'
import type { Invocation, ItemScope } from './context.ts'
import { asFailure, type ItemFailure, inPhase } from './failure.ts'
import { type AnyHandler, respond } from './item.ts'
import {
  chunkRecord,
  endRecord,
  errorRecord,
  failedResponse,
  headRecord,
  oneRecord,
  toLine,
  wholeResponse,
} from './records.ts'
import { type Report, reportFailure } from './report.ts'
import type { StreamWriter } from './stream-writer.ts'
import type { ItemSpan } from './tracing.ts'
import type { ResponseHead, StreamRecord } from './wire.ts'

/** What the items of one streamed batch share. */
export interface StreamJob<Event> {
  handler: AnyHandler<Event>
  writer: StreamWriter
  invocation: Invocation
  report: Report<Event>
}

/** Answers an item with one record, or with interleaved ones if it is too large for that. Never rejects. */
export async function answerWhole<Event>(
  job: StreamJob<Event>,
  item: Item<Event>,
  span: ItemSpan,
): Promise<void> {
  const { id, event } = item
  const scope = job.invocation.start(item)
  try {
    const { head, body } = await respond(job.handler, event, scope)
    const whole =
      'whole' in body ? body.whole : await inPhase('body', () => collectBody(body, scope.cancelled))
    span.answered(head.statusCode)
    await sendWhole(job.writer, id, head, whole, scope)
  } catch (error) {
    const failure = settle(job, item, error, span)
    await trySend(job.writer, oneRecord(failedResponse(id, failure)))
  } finally {
    scope.dispose()
  }
}

/** Answers an item with a head at once, its body piece by piece, and an end. Never rejects. */
export async function answerInterleaved<Event>(
  job: StreamJob<Event>,
  item: Item<Event>,
  span: ItemSpan,
): Promise<void> {
  const { id, event } = item
  const scope = job.invocation.start(item)
  let headSent = false
  try {
    const { head, body } = await respond(job.handler, event, scope)
    headSent = true
    span.answered(head.statusCode)
    await sendInterleaved(job.writer, id, head, body, scope)
  } catch (error) {
    const failure = settle(job, item, error, span)
    await trySend(job.writer, errorRecord(id, failure, headSent))
  } finally {
    scope.dispose()
  }
}

function sendWhole(
  writer: StreamWriter,
  id: string,
  head: ResponseHead,
  body: Chunk,
  scope: ItemScope,
): Promise<void> {
  // Routers bound the length of a line; one of records has no such limit.
  if (body.length > MAX_CHUNK_LENGTH) return sendPieces(writer, id, head, { whole: body }, scope)
  return send(writer, oneRecord(wholeResponse(id, head, body)))
}

function sendInterleaved(
  writer: StreamWriter,
  id: string,
  head: ResponseHead,
  body: Body,
  scope: ItemScope,
): Promise<void> {
  if (!('whole' in body) || body.whole.length > MAX_CHUNK_LENGTH) {
    return sendPieces(writer, id, head, body, scope)
  }
  // In one write, as nothing is still to come that could be sent earlier.
  const chunk = body.whole.length > 0 ? toLine(chunkRecord(id, body.whole)) : ''
  return writer.write(toLine(headRecord(id, head)) + chunk + toLine(endRecord(id)))
}

async function sendPieces(
  writer: StreamWriter,
  id: string,
  head: ResponseHead,
  body: Body,
  scope: ItemScope,
): Promise<void> {
  try {
    await send(writer, headRecord(id, head))
  } catch (error) {
    await discardBody(body)
    throw error
  }
  scope.headSent()
  await inPhase('body', async () => {
    for await (const piece of readPieces(body, scope.cancelled)) await send(writer, chunkRecord(id, piece))
  })
  await send(writer, endRecord(id))
}

function settle<Event>(
  job: StreamJob<Event>,
  { id, event }: Item<Event>,
  error: unknown,
  span: ItemSpan,
): ItemFailure {
  const failure = asFailure('write', error)
  reportFailure(job.report, failure, id, event)
  span.failed(failure)
  return failure
}

function send(writer: StreamWriter, record: StreamRecord): Promise<void> {
  return writer.write(toLine(record))
}

/** For the last word about an item; there is nobody left to tell if even that cannot be written. */
async function trySend(writer: StreamWriter, record: StreamRecord): Promise<void> {
  await send(writer, record).catch(() => {})
}
