/** One mistake in a manifest: where it is and what is wrong with it. */
export interface Problem {
  /** Dotted path from the root of the manifest, for example `Spec.paths./orders/{id}.get.x-lpr.maxBatchSize`. */
  path: string
  message: string
}

/** `path: message`, one string a problem. */
export function formatProblems(problems: Problem[]): string[] {
  return problems.map(({ path, message }) => (path === '' ? message : `${path}: ${message}`))
}

/** A value as an error message shows it: JSON, cut to a length that fits in a line. */
export function show(value: unknown): string {
  const text = JSON.stringify(value) ?? String(value)
  return text.length > 60 ? `${text.slice(0, 57)}...` : text
}

/** The candidate that `name` was probably meant to be, or undefined when none is near. */
export function suggest(name: string, candidates: Iterable<string>): string | undefined {
  const limit = Math.max(1, Math.floor(name.length / 3))
  let best: string | undefined
  let bestDistance = limit + 1
  for (const candidate of candidates) {
    const distance = editDistance(name.toLowerCase(), candidate.toLowerCase())
    if (distance < bestDistance) {
      best = candidate
      bestDistance = distance
    }
  }
  return best
}

/** `unknown key`, with the name that was probably meant. */
export function unknownKey(name: string, candidates: Iterable<string>): string {
  const meant = suggest(name, candidates)
  return meant === undefined ? 'unknown key' : `unknown key, did you mean ${meant}?`
}

/** Levenshtein distance, one row at a time; a swap of neighbours counts as two. */
function editDistance(a: string, b: string): number {
  let previous = Array.from({ length: b.length + 1 }, (_, index) => index)
  for (let i = 1; i <= a.length; i++) {
    const row = [i]
    for (let j = 1; j <= b.length; j++) {
      const substituted = (previous[j - 1] ?? 0) + (a[i - 1] === b[j - 1] ? 0 : 1)
      row.push(Math.min(substituted, (previous[j] ?? 0) + 1, (row[j - 1] ?? 0) + 1))
    }
    previous = row
  }
  return previous[b.length] ?? 0
}
