/** Which requests a load is made of. */
export interface RequestShape {
  /** 0: GET without a body. */
  bodyBytes: number
  /** Routes `/r0` to `/r<n-1>`, used in turn. */
  routes: number
  /** Values of the batch key header `x-key`, used in turn. */
  keys: number
}

/** Header that the manifest of a scenario with several keys takes its batch key from. */
export const KEY_HEADER = 'x-key'

/** Path template of a route of the benchmark. */
export function pathOf(route: number): string {
  return `/r${route}/{id}`
}

/** Every request of a load, ready to be written; a load takes them in turn. */
export function buildRequests({ bodyBytes, routes, keys }: RequestShape, port: number): Buffer[] {
  const body = Buffer.alloc(bodyBytes, 'abcdefghijklmnopqrstuvwxyz ')
  const count = Math.max(routes, keys)
  return Array.from({ length: count }, (_, index) => {
    const head = [
      `${bodyBytes === 0 ? 'GET' : 'POST'} /r${index % routes}/${1000 + index} HTTP/1.1`,
      `host: 127.0.0.1:${port}`,
      'user-agent: lpr-benchmark',
      'accept: application/json',
      ...(bodyBytes === 0 ? [] : ['content-type: text/plain', `content-length: ${bodyBytes}`]),
      ...(keys === 1 ? [] : [`${KEY_HEADER}: key-${index % keys}`]),
    ]
    return Buffer.concat([Buffer.from(`${head.join('\r\n')}\r\n\r\n`, 'latin1'), body])
  })
}
