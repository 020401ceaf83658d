import type { RouterError } from '../errors.ts'

/** The document of RFC 9457 for an error that the router made. Holds nothing but what the client may know. */
export function problemDocument(error: RouterError, requestId: string): Buffer {
  const { code, title, status } = error
  return Buffer.from(JSON.stringify({ type: `urn:lpr:error:${code}`, title, status, code, requestId }))
}
