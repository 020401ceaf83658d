import type { Call, ReceivedItem } from './call.ts'
import { corrupted, errorFrame, exceptionFrame, invokeComplete, payloadChunk } from './frames.ts'
import { envelope, interleaved, lines, whole } from './records.ts'

/** How the endpoint treats an invocation. */
export type Behaviour = (call: Call) => void | Promise<void>

/** Answers well, in the form that the operation asks for: the envelope, or a record a line. */
export const answerWell: Behaviour = (call) => {
  if (call.streaming) return answerLines((item) => lines(whole(item)))(call)
  call.respond(200, envelope(call.items.map((item) => whole(item))))
}

/** Streams the good answer as interleaved records, the items' records taking turns. */
export const answerInterleaved: Behaviour = (call) => {
  const queues = call.items.map((item) => interleaved(item))
  while (queues.some((queue) => queue.length > 0)) {
    for (const queue of queues) {
      const record = queue.shift()
      if (record !== undefined) call.send(lines(record))
    }
  }
  call.complete()
}

/** Sends a text for each item, in a frame of its own where the operation streams. */
export function answerLines(text: (item: ReceivedItem) => string): Behaviour {
  return (call) => {
    if (!call.streaming) return call.respond(200, call.items.map(text).join(''))
    for (const item of call.items) call.send(text(item))
    call.complete()
  }
}

/** Sends this text, as the operation sends texts, and ends properly. */
export function answerText(text: (call: Call) => string, headers: Record<string, string> = {}): Behaviour {
  return (call) => {
    if (!call.streaming) return call.respond(200, text(call), headers)
    call.open(headers['content-type'])
    call.send(text(call))
    call.complete()
  }
}

/** Answers with the envelope whatever the operation; `response` makes one item's entry, undefined leaves it out. */
export function answerEnvelope(
  response: (item: ReceivedItem) => unknown,
  version: unknown = 1,
  indent?: number,
): Behaviour {
  return answerText(({ items }) => {
    const responses = items.map(response).filter((entry) => entry !== undefined)
    return JSON.stringify({ v: version, responses }, undefined, indent)
  })
}

/** Lambda refuses the invocation: throttled, forbidden, unknown, broken. */
export function refuse(status: number, type: string, headers: Record<string, string> = {}): Behaviour {
  return (call) => call.refuse(status, type, headers)
}

export const throttle: Behaviour = refuse(429, 'TooManyRequestsException', { 'retry-after': '7' })

/** The function ran and failed. */
export const functionError: Behaviour = (call) => {
  const details = { errorType: 'Error', errorMessage: 'a secret of the function' }
  if (call.streaming) return call.complete({ ErrorCode: 'Unhandled', ErrorDetails: JSON.stringify(details) })
  call.respond(200, JSON.stringify(details), { 'x-amz-function-error': 'Unhandled' })
}

export const resetConnection: Behaviour = (call) => call.reset()

/** The connection is closed instead of an answer. */
export const closeConnection: Behaviour = (call) => call.hangUp()

export const neverAnswer: Behaviour = () => undefined

/** The bytes that `answerWell` would send, cut after so many of them. */
export function cutStream(call: Call, text: string, bytes: number): void {
  call.raw(Buffer.concat([payloadChunk(text), invokeComplete()]).subarray(0, bytes))
  call.hangUp()
}

/** Sends `before`, then a frame that no reader can accept. */
export function breakStream(
  kind: 'crc' | 'exception' | 'error' | 'rubbish',
  before: (call: Call) => string,
): Behaviour {
  return (call) => {
    const text = before(call)
    if (text !== '') call.send(text)
    if (kind === 'crc') call.raw(corrupted(payloadChunk(lines(...call.items.map((item) => whole(item))))))
    if (kind === 'exception') call.raw(exceptionFrame('InternalStreamFailure', 'the stream broke'))
    if (kind === 'error') call.raw(errorFrame('InternalFailure', 'the stream broke'))
    if (kind === 'rubbish') call.raw(Buffer.from('HTTP is not an event stream, whatever one may think'))
    call.finish()
  }
}

/** Ends the HTTP response properly but without the frame that says so. */
export function withoutComplete(text: (call: Call) => string): Behaviour {
  return (call) => {
    call.send(text(call))
    call.finish()
  }
}
