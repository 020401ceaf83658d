const LF = 0x0a

/**
 * Cuts a byte stream into lines, wherever its chunks were cut. A trailing CR is removed, blank lines are skipped.
 * A line longer than `maxLineBytes` is dropped whole and reported: holding it would let one item exhaust the memory.
 */
export class LineSplitter {
  readonly #maxLineBytes: number
  readonly #onLine: (line: string) => void
  readonly #onOversized: () => void
  #held: Uint8Array[] = []
  #heldBytes = 0
  #skipping = false

  constructor(maxLineBytes: number, onLine: (line: string) => void, onOversized: () => void) {
    this.#maxLineBytes = maxLineBytes
    this.#onLine = onLine
    this.#onOversized = onOversized
  }

  push(chunk: Uint8Array): void {
    let start = 0
    for (let end = chunk.indexOf(LF); end >= 0; end = chunk.indexOf(LF, start)) {
      this.#hold(chunk.subarray(start, end))
      this.#release()
      start = end + 1
    }
    if (start < chunk.length) this.#hold(chunk.subarray(start))
  }

  /** To be called once at the end: a last line needs no newline. */
  end(): void {
    this.#release()
  }

  #hold(part: Uint8Array): void {
    if (this.#skipping) return
    this.#heldBytes += part.length
    if (this.#heldBytes <= this.#maxLineBytes) {
      this.#held.push(part)
      return
    }
    this.#skipping = true
    this.#held = []
    this.#onOversized()
  }

  #release(): void {
    const skipped = this.#skipping
    const bytes = this.#held.length === 1 ? this.#held[0] : Buffer.concat(this.#held)
    this.#held = []
    this.#heldBytes = 0
    this.#skipping = false
    if (skipped || bytes === undefined || bytes.length === 0) return
    const line = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).toString('utf8').trim()
    if (line !== '') this.#onLine(line)
  }
}
