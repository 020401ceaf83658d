import { randomFillSync } from 'node:crypto'

const UUID_BYTES = 16
/** Random bytes are drawn for many ids at once, as `randomUUID` does. */
const random = Buffer.allocUnsafeSlow(128 * UUID_BYTES)
let used = random.length

const HEX = Buffer.from('0123456789abcdef')
const DASHES_BEFORE = new Set([4, 6, 8, 10])
/** Where the text of each byte begins, behind a prefix of two characters. */
const PLACES = Array.from({ length: UUID_BYTES }, (_, index) => {
  return 2 + 2 * index + [...DASHES_BEFORE].filter((before) => before <= index).length
})
const text = Buffer.from('p-00000000-0000-0000-0000-000000000000')

/**
 * A new id: the prefix and a random UUID (RFC 9562, version 4). Not `randomUUID`, whose text is made of sixteen pieces: V8
 * keeps them all for as long as the text, in 500 bytes instead of 60, or takes as long again to make one of them.
 */
export function newId(prefix: 'r-' | 'b-'): string {
  if (used === random.length) {
    randomFillSync(random)
    used = 0
  }
  for (let index = 0; index < UUID_BYTES; index++) {
    const byte = withVersion(random[used + index] as number, index)
    const place = PLACES[index] as number
    text[place] = HEX[byte >> 4] as number
    text[place + 1] = HEX[byte & 15] as number
  }
  used += UUID_BYTES
  text[0] = prefix.charCodeAt(0)
  return text.toString('latin1')
}

/** Version and variant take six of the 128 bits. */
function withVersion(byte: number, index: number): number {
  if (index === 6) return (byte & 0x0f) | 0x40
  return index === 8 ? (byte & 0x3f) | 0x80 : byte
}
