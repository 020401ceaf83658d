export interface ListenAddress {
  /** Host or IP address without brackets; undefined means every interface. */
  host: string | undefined
  port: number
}

/** Reads `host:port`, `[v6]:port` or `:port`; undefined if it is none of them or the port is out of range. */
export function parseListenAddress(text: string): ListenAddress | undefined {
  const match = /^(?:\[([0-9A-Fa-f:.%]+)\]|([^:[\]\s/]*)):(\d{1,5})$/.exec(text.trim())
  if (match === null) return undefined
  const host = match[1] ?? match[2]
  const port = Number(match[3])
  if (port > 65535) return undefined
  return { host: host === undefined || host === '' ? undefined : host, port }
}
