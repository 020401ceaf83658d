import { StringDecoder } from 'node:string_decoder'

/** Longest line that is held back for its end; a longer one is passed on in pieces. */
const MAX_LINE_LENGTH = 256 * 1024

/** Cuts a stream of bytes into lines. */
export class LineSplitter {
  readonly #onLine: (text: string) => void
  readonly #decoder = new StringDecoder('utf8')
  #rest = ''

  constructor(onLine: (text: string) => void) {
    this.#onLine = onLine
  }

  push(bytes: Buffer): void {
    const lines = (this.#rest + this.#decoder.write(bytes)).split('\n')
    this.#rest = lines.pop() ?? ''
    for (const line of lines) this.#onLine(line.endsWith('\r') ? line.slice(0, -1) : line)
    if (this.#rest.length > MAX_LINE_LENGTH) this.flush()
  }

  /** Passes on an unfinished last line. */
  flush(): void {
    const rest = this.#rest
    this.#rest = ''
    if (rest !== '') this.#onLine(rest)
  }
}

/** Keeps the last bytes of a log, for `X-Amz-Log-Result`. */
export class LogTail {
  readonly #limitBytes: number
  #bytes: Buffer = Buffer.alloc(0)

  constructor(limitBytes: number) {
    this.#limitBytes = limitBytes
  }

  append(line: string): void {
    const all = Buffer.concat([this.#bytes, Buffer.from(`${line}\n`)])
    this.#bytes = all.subarray(Math.max(0, all.length - this.#limitBytes))
  }

  toBase64(): string {
    return this.#bytes.toString('base64')
  }
}
