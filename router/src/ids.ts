import { randomFillSync } from 'node:crypto'

const UUID_BYTES = 16
/** Ids are made so many at a time. */
const IDS = 128
const random = Buffer.allocUnsafeSlow(IDS * UUID_BYTES)

const HEX = Buffer.from('0123456789abcdef')
const DASHES_BEFORE = new Set([4, 6, 8, 10])
/** Where the text of each byte begins, behind a prefix of two characters. */
const PLACES = Array.from({ length: UUID_BYTES }, (_, index) => {
  return 2 + 2 * index + [...DASHES_BEFORE].filter((before) => before <= index).length
})
const PATTERN = 'p-00000000-0000-0000-0000-000000000000'

type Prefix = 'r-' | 'b-'

/**
 * A new id: the prefix and a random UUID (RFC 9562, version 4). Not `randomUUID`, whose text is made of sixteen pieces: V8
 * keeps them all for as long as the text, in 500 bytes instead of 60, or takes as long again to make one of them. These are
 * cut from a text that holds many, which costs less than a text for each.
 */
export function newId(prefix: Prefix): string {
  const supply = supplies[prefix]
  if (supply.at === supply.text.length) {
    supply.text = newIds(prefix)
    supply.at = 0
  }
  const begin = supply.at
  supply.at += PATTERN.length
  return supply.text.slice(begin, supply.at)
}

const supplies = { 'r-': { text: '', at: 0 }, 'b-': { text: '', at: 0 } }

/** As many as are made at a time, one behind the other. */
function newIds(prefix: Prefix): string {
  const text = Buffer.from(PATTERN.replace('p-', prefix).repeat(IDS))
  randomFillSync(random)
  for (let id = 0; id < IDS; id++) {
    for (let index = 0; index < UUID_BYTES; index++) {
      const byte = withVersion(random[id * UUID_BYTES + index] as number, index)
      const place = id * PATTERN.length + (PLACES[index] as number)
      text[place] = HEX[byte >> 4] as number
      text[place + 1] = HEX[byte & 15] as number
    }
  }
  return text.toString('latin1')
}

/** Version and variant take six of the 128 bits. */
function withVersion(byte: number, index: number): number {
  if (index === 6) return (byte & 0x0f) | 0x40
  return index === 8 ? (byte & 0x3f) | 0x80 : byte
}
