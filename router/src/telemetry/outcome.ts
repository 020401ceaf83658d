import type { RequestEnded } from './events.ts'

/** `error.type` of the semantic conventions: what went wrong, in a word; undefined when nothing did. */
export function errorType({ code, status, outcome }: RequestEnded): string | undefined {
  if (code !== undefined) return code
  if (outcome !== 'sent') return outcome
  return status >= 500 ? String(status) : undefined
}
