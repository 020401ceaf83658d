/** So much of a text is looked at at once. */
const PIECE = 4096

/** Where a piece is looked at in words of four bytes; a slice of a socket's buffer begins anywhere. */
const words = new Int32Array(PIECE / 4)
const wordBytes = Buffer.from(words.buffer)
/** So many words are looked at before it is asked whether that was enough: JSON has a quote near its begin. */
const WORDS = 32

/**
 * Whether a text may stand in a JSON string as it is, and is ASCII. Four bytes at a time this takes a fifth of what a
 * regular expression takes.
 */
export function isPlainJson(text: Buffer): boolean {
  for (let start = 0; start < text.length; start += PIECE) {
    const length = text.copy(wordBytes, 0, start, start + PIECE)
    // What is left of an earlier text behind this one must not count.
    if (length % 4 > 0) wordBytes.fill(SPACE, length, Math.min(length + 3, PIECE))
    for (let at = 0; at < length / 4; at += WORDS) {
      if (!arePlain(at, Math.min(at + WORDS, (length + 3) >> 2))) return false
    }
  }
  return true
}

const SPACE = 0x20
const TOP_BITS = 0x80808080 | 0
const [SPACES, QUOTES, BACKSLASHES, ONES] = [0x20202020, 0x22222222, 0x5c5c5c5c, 0x01010101]

/**
 * The top bit of a byte says that it is beyond ASCII, or, after a subtraction that went below zero, that it was less than a
 * space or is the one that was looked for. The first such byte of a word is always told right; those behind it do not matter.
 */
function arePlain(from: number, to: number): boolean {
  let found = 0
  for (let at = from; at < to; at++) {
    const word = words[at] ?? 0
    const controls = word - SPACES
    const quotes = (word ^ QUOTES) - ONES
    const backslashes = (word ^ BACKSLASHES) - ONES
    found |= word | controls | quotes | backslashes
  }
  return (found & TOP_BITS) === 0
}
