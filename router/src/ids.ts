import { randomUUID } from 'node:crypto'

const scratch = Buffer.allocUnsafe(64)

/**
 * A new id: the prefix and a random UUID (RFC 9562, version 4). Node.js makes a UUID's text of sixteen pieces, and V8 keeps
 * them all for as long as the text, in 500 bytes instead of 60; written and read again it is one piece.
 */
export function newId(prefix: 'r-' | 'b-'): string {
  return scratch.toString('latin1', 0, scratch.write(prefix + randomUUID(), 'latin1'))
}
