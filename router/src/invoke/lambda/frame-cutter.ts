/** Every message begins with its own length, in so many bytes. */
const LENGTH_BYTES = 4
/** Prelude and checksums; there is no message without them. */
const MIN_FRAME_BYTES = 16
/** Far above what Lambda puts into one. Without a limit a broken length would have everything held that comes. */
const MAX_FRAME_BYTES = 24 * 1024 * 1024

/**
 * Cuts an event stream into its messages, wherever its chunks were cut.
 * https://docs.aws.amazon.com/lexv2/latest/dg/event-stream-encoding.html
 */
export class FrameCutter {
  readonly #onFrame: (frame: Buffer) => void
  #held: Buffer[] = []
  #heldBytes = 0
  /** Of the message that is coming; 0 until its length is there. */
  #frameBytes = 0

  constructor(onFrame: (frame: Buffer) => void) {
    this.#onFrame = onFrame
  }

  /** Throws when a message says that it is shorter or longer than any can be. */
  push(chunk: Buffer): void {
    this.#held.push(chunk)
    this.#heldBytes += chunk.length
    while (this.#heldBytes >= this.#wantedBytes()) this.#onFrame(this.#take(this.#frameBytes))
  }

  /** How many bytes have to be there for the next step. */
  #wantedBytes(): number {
    if (this.#frameBytes === 0 && this.#heldBytes >= LENGTH_BYTES) this.#frameBytes = this.#readLength()
    return Math.max(LENGTH_BYTES, this.#frameBytes)
  }

  #readLength(): number {
    const bytes = this.#joined().readUInt32BE(0)
    if (bytes >= MIN_FRAME_BYTES && bytes <= MAX_FRAME_BYTES) return bytes
    throw new Error(`expected an event stream, got a message of ${bytes} bytes`)
  }

  #take(bytes: number): Buffer {
    const all = this.#joined()
    this.#held = all.length === bytes ? [] : [all.subarray(bytes)]
    this.#heldBytes -= bytes
    this.#frameBytes = 0
    return all.subarray(0, bytes)
  }

  #joined(): Buffer {
    const [first] = this.#held
    const all = this.#held.length === 1 && first !== undefined ? first : Buffer.concat(this.#held)
    this.#held = [all]
    return all
  }
}
