const LF = 0x0a

/**
 * Cuts a byte stream into lines, wherever its chunks were cut. A trailing CR is removed, blank lines are skipped.
 * A line longer than `maxLineBytes` is dropped whole and reported: holding it would let one item exhaust the memory.
 */
export class LineSplitter {
  readonly #maxLineBytes: number
  readonly #onLine: (line: string) => void
  readonly #onOversized: () => void
  #held: Buffer[] = []
  #heldBytes = 0
  #skipping = false

  constructor(maxLineBytes: number, onLine: (line: string) => void, onOversized: () => void) {
    this.#maxLineBytes = maxLineBytes
    this.#onLine = onLine
    this.#onOversized = onOversized
  }

  push(chunk: Buffer): void {
    let start = 0
    for (let end = chunk.indexOf(LF); end >= 0; end = chunk.indexOf(LF, start)) {
      this.#endOfLine(chunk, start, end)
      start = end + 1
    }
    if (start < chunk.length) this.#hold(chunk.subarray(start))
  }

  /** To be called once at the end: a last line needs no newline. */
  end(): void {
    this.#release()
  }

  /** Nearly every line stands whole in one chunk, and then needs no buffer of its own. */
  #endOfLine(chunk: Buffer, start: number, end: number): void {
    if (this.#heldBytes === 0 && end - start <= this.#maxLineBytes) {
      this.#line(chunk.toString('utf8', start, end))
    } else {
      this.#hold(chunk.subarray(start, end))
      this.#release()
    }
  }

  #hold(part: Buffer): void {
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
    const bytes = Buffer.concat(this.#held)
    this.#held = []
    this.#heldBytes = 0
    this.#skipping = false
    if (!skipped) this.#line(bytes.toString('utf8'))
  }

  #line(text: string): void {
    const line = text.trim()
    if (line !== '') this.#onLine(line)
  }
}
