import { Buffer } from 'node:buffer'

/** An event that stands in a buffer. */
export interface PlacedEvent {
  /** Where it begins; kept by the buffer. */
  offset: number
  /** Its length in UTF-8. */
  readonly bytes: number
}

/**
 * An event as JSON, in the pieces that it is made of. Its body, as a rule the longest part, is bytes: as a string it would be
 * copied into V8's heap, and there once more when the event becomes one piece.
 */
export interface EventJson {
  /** Up to the body; or the whole event, if it has none or has it in here. */
  readonly head: string
  readonly body: Uint8Array
  /** Behind the body; ASCII. */
  readonly tail: string
}

const NO_BODY = new Uint8Array()

/** An event that is one piece. */
export function onePiece(json: string): EventJson {
  return { head: json, body: NO_BODY, tail: '' }
}

/** Length of an event in UTF-8. */
export function eventBytes({ head, body, tail }: EventJson): number {
  return Buffer.byteLength(head) + body.length + tail.length
}

const COMMA = 0x2c
/** The share of its buffer that a document fills at least: the buffer is held as long as the invocation takes. */
const WELL_FILLED = 0.75

/**
 * The events of one batch as they will be sent, one behind the other. They are written here as they come, so that nothing
 * of them stays in V8's heap: a text of some kilobytes for each request in flight would be copied by two collections of the
 * young generation, and then be kept by the old one until a full collection.
 */
export class EventBuffer {
  readonly #room: number
  #bytes: Buffer
  #end: number
  #handedOut = false

  /** `room`: bytes that are kept free for the head. `expected`: how many the whole document will have, at a guess. */
  constructor(room: number, expected: number) {
    this.#room = room
    // Events of the same shape differ by some bytes.
    this.#bytes = allocate(Math.max(room, Math.ceil(expected * 1.1)))
    this.#end = room
  }

  /** Writes an event behind the others. */
  append(event: PlacedEvent, { head, body, tail }: EventJson): void {
    this.#begin(event)
    const bodyAt = event.offset + event.bytes - tail.length - body.length
    // As many bytes as characters: ASCII, which needs no conversion.
    this.#bytes.write(head, event.offset, bodyAt - event.offset === head.length ? 'latin1' : 'utf8')
    if (body.length === 0) return
    this.#bytes.set(body, bodyAt)
    this.#bytes.write(tail, bodyAt + body.length, 'latin1')
  }

  /** Takes over an event from another buffer. */
  adopt(event: PlacedEvent, from: EventBuffer): void {
    const { offset } = event
    this.#begin(event)
    from.#bytes.copy(this.#bytes, event.offset, offset, offset + event.bytes)
  }

  /**
   * Puts head and tail around the events that are left, given in the order in which they came. What it returns is not
   * touched again: once given away, the bytes are copied before anything is written.
   */
  document(head: string, events: Iterable<PlacedEvent>, tail: string): Uint8Array {
    this.#own()
    this.#closeUp(events)
    const end = this.#end + tail.length
    if (end > this.#bytes.length || end < WELL_FILLED * this.#bytes.length) this.#resize(end)
    const start = this.#room - Buffer.byteLength(head)
    this.#bytes.write(head, start)
    this.#bytes.write(tail, this.#end)
    this.#handedOut = true
    return this.#bytes.subarray(start, end)
  }

  /** Makes room for an event, with a comma where one came before. */
  #begin(event: PlacedEvent): void {
    this.#own()
    const needed = this.#end + 1 + event.bytes
    if (needed > this.#bytes.length) this.#resize(Math.max(needed, 2 * this.#bytes.length))
    if (this.#end > this.#room) {
      this.#bytes[this.#end] = COMMA
      this.#end += 1
    }
    event.offset = this.#end
    this.#end += event.bytes
  }

  /** What has been given away is not written to. */
  #own(): void {
    if (!this.#handedOut) return
    this.#bytes = Buffer.from(this.#bytes)
    this.#handedOut = false
  }

  #resize(length: number): void {
    const bytes = allocate(length)
    this.#bytes.copy(bytes, 0, 0, this.#end)
    this.#bytes = bytes
  }

  /** Closes the gaps that events have left. */
  #closeUp(events: Iterable<PlacedEvent>): void {
    let end = this.#room
    for (const event of events) {
      if (end > this.#room) {
        this.#bytes[end] = COMMA
        end += 1
      }
      if (event.offset !== end) {
        this.#bytes.copyWithin(end, event.offset, event.offset + event.bytes)
        event.offset = end
      }
      end += event.bytes
    }
    this.#end = end
  }
}

/** Up to this it is a piece of a larger buffer of Node's, which is held as long as any of its pieces is. */
const POOLED_BYTES = 4096

function allocate(length: number): Buffer {
  return length < POOLED_BYTES ? Buffer.allocUnsafe(length) : Buffer.allocUnsafeSlow(length)
}
