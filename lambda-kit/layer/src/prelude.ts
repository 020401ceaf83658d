import type { HttpResponse } from 'lpr-lambda-adapter'

const DELIMITER = Buffer.alloc(8)

/**
 * Reads the prelude of an HTTP response from the front of a stream: a JSON object, then eight NUL bytes.
 * https://docs.aws.amazon.com/lambda/latest/dg/configuration-response-streaming.html
 */
export class PreludeReader {
  #bytes = Buffer.alloc(0)
  #done = false

  /** The head and what of the body came with it, once all of the head is there. Throws when it is none. */
  push(chunk: Buffer): { head: HttpResponse; rest: Buffer } | undefined {
    this.#bytes = Buffer.concat([this.#bytes, chunk])
    const end = this.#bytes.indexOf(DELIMITER)
    if (end < 0) return undefined
    this.#done = true
    return {
      head: parseHead(this.#bytes.subarray(0, end)),
      rest: this.#bytes.subarray(end + DELIMITER.length),
    }
  }

  /** Throws when the stream ends before the prelude does. */
  end(): void {
    if (this.#done) return
    throw new TypeError(
      `response stream: expected a prelude and eight NUL bytes after it, got ${this.#bytes.length} bytes without`,
    )
  }
}

function parseHead(bytes: Buffer): HttpResponse {
  const head: unknown = JSON.parse(bytes.toString('utf8'))
  if (typeof head !== 'object' || head === null || Array.isArray(head)) {
    throw new TypeError('response stream: expected an object as prelude')
  }
  const { statusCode = 200, headers, multiValueHeaders, cookies } = head as Partial<HttpResponse>
  return {
    statusCode,
    ...(headers && { headers }),
    ...(multiValueHeaders && { multiValueHeaders }),
    ...(cookies && { cookies }),
  }
}
