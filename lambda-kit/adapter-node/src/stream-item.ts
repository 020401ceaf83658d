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
import type { ResponseHead, StreamRecord } from './wire.ts'

/** What the items of one streamed batch share. */
export interface StreamJob<Event> {
  handler: AnyHandler<Event>
  writer: StreamWriter
  invocation: Invocation
  report: Report<Event>
}

/** Answers an item with one record, or with interleaved ones if it is too large for that. Never rejects. */
export async function answerWhole<Event>(job: StreamJob<Event>, { id, event }: Item<Event>): Promise<void> {
  const scope = job.invocation.start(id)
  try {
    const { head, body } = await respond(job.handler, event, scope)
    const whole =
      'whole' in body ? body.whole : await inPhase('body', () => collectBody(body, scope.cancelled))
    await sendWhole(job.writer, id, head, whole, scope)
  } catch (error) {
    const failure = settle(job, id, event, error)
    await trySend(job.writer, oneRecord(failedResponse(id, failure)))
  } finally {
    scope.dispose()
  }
}

/** Answers an item with a head at once, its body piece by piece, and an end. Never rejects. */
export async function answerInterleaved<Event>(
  job: StreamJob<Event>,
  { id, event }: Item<Event>,
): Promise<void> {
  const scope = job.invocation.start(id)
  let headSent = false
  try {
    const { head, body } = await respond(job.handler, event, scope)
    headSent = true
    await sendInterleaved(job.writer, id, head, body, scope)
  } catch (error) {
    const failure = settle(job, id, event, error)
    await trySend(job.writer, errorRecord(id, failure, headSent))
  } finally {
    scope.dispose()
  }
}

async function sendWhole(
  writer: StreamWriter,
  id: string,
  head: ResponseHead,
  body: Chunk,
  scope: ItemScope,
): Promise<void> {
  // Routers bound the length of a line; one of records has no such limit.
  if (body.length > MAX_CHUNK_LENGTH) await sendInterleaved(writer, id, head, { whole: body }, scope)
  else await send(writer, oneRecord(wholeResponse(id, head, body)))
}

async function sendInterleaved(
  writer: StreamWriter,
  id: string,
  head: ResponseHead,
  body: Body,
  scope: ItemScope,
): Promise<void> {
  if ('whole' in body && body.whole.length <= MAX_CHUNK_LENGTH) {
    const chunk = body.whole.length > 0 ? toLine(chunkRecord(id, body.whole)) : ''
    return writer.write(toLine(headRecord(id, head)) + chunk + toLine(endRecord(id)))
  }
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

function settle<Event>(job: StreamJob<Event>, id: string, event: Event, error: unknown): ItemFailure {
  const failure = asFailure('write', error)
  reportFailure(job.report, failure, id, event)
  return failure
}

function send(writer: StreamWriter, record: StreamRecord): Promise<void> {
  return writer.write(toLine(record))
}

/** For the last word about an item; there is nobody left to tell if even that cannot be written. */
async function trySend(writer: StreamWriter, record: StreamRecord): Promise<void> {
  await send(writer, record).catch(() => {})
}
