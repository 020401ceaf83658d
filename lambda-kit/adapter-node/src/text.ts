/** Text as UTF-8 can carry it: each lone surrogate becomes U+FFFD, as strict JSON readers refuse its escape. */
export function wellFormed(text: string): string {
  return text.isWellFormed() ? text : text.toWellFormed()
}

/** Whether the text ends in the first half of a surrogate pair. */
export function endsInHighSurrogate(text: string): boolean {
  const last = text.charCodeAt(text.length - 1)
  return last >= 0xd800 && last <= 0xdbff
}

/** Cuts text into pieces of at most `maxLength` (at least 2) UTF-16 units, never through a surrogate pair. */
export function* splitText(text: string, maxLength: number): Generator<string> {
  let start = 0
  while (start < text.length) {
    let end = Math.min(start + maxLength, text.length)
    if (end < text.length && endsInHighSurrogate(text.slice(start, end))) end -= 1
    yield text.slice(start, end)
    start = end
  }
}
