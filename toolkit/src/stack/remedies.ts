import type { Finding, Place } from '../errors.ts'

/** A message of the shared schema or the macro, `path: what is wrong`, as a finding with what to do about it. */
export function findingFrom(message: string, place: Place | undefined): Finding {
  const remedy = remedyFor(message)
  return { message, ...(place ? { place } : {}), ...(remedy === undefined ? {} : { remedy }) }
}

/** Undefined where the message itself says what is expected. */
function remedyFor(message: string): string | undefined {
  const meant = /unknown key, did you mean (\S+)\?/.exec(message)
  if (meant) return `write ${meant[1]}`
  if (/: unknown key$/.test(message)) return 'remove the key'
  const missing = /([^.\s]+): is required but missing/.exec(message)
  return missing ? `add ${missing[1]}` : undefined
}
