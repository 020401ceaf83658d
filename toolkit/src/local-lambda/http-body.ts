import type { IncomingMessage } from 'node:http'

/**
 * Reads a body whole; undefined when it is larger than the limit. What is too large is still read to its end, so that a
 * client that sends before it listens gets the answer and not a broken connection.
 */
export async function readBody(request: IncomingMessage, limitBytes: number): Promise<Buffer | undefined> {
  const chunks: Buffer[] = []
  let size = 0
  for await (const chunk of request as AsyncIterable<Buffer>) {
    size += chunk.length
    if (size <= limitBytes) chunks.push(chunk)
    else chunks.length = 0
  }
  return size <= limitBytes ? Buffer.concat(chunks) : undefined
}
