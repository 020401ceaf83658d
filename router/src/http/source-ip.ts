import type { HeaderValues } from './headers.ts'

/**
 * The client's address: the entry of `x-forwarded-for` that the outermost trusted proxy has appended, that is the one
 * `hops` from the right. Everything left of it is the client's own claim. Without proxies, the socket's address.
 */
export function sourceIp(headers: HeaderValues, remoteAddress: string | undefined, hops: number): string {
  const address = remoteAddress ?? ''
  const socketAddress = address.startsWith('::ffff:') ? address.replace(/^::ffff:(?=\d+\.)/, '') : address
  if (hops === 0) return socketAddress
  const entries = (headers.get('x-forwarded-for') ?? []).flatMap((value) =>
    value.split(',').map((entry) => entry.trim()),
  )
  const entry = entries.at(-hops)
  return entry === undefined || entry === '' ? socketAddress : entry
}
