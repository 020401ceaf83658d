import { createServer } from 'node:net'
import { fail } from '../errors.ts'

const HOST = '127.0.0.1'

/**
 * The port itself if nothing listens on it, or any free one for 0. Throws a FindingsError that names the option to change.
 * Another process may still take it before the router does.
 */
export async function availablePort(port: number, option: string): Promise<number> {
  const found = await tryPort(port)
  if (typeof found === 'number') return found
  if (found.code === 'EADDRINUSE') {
    throw fail(`port ${port} is in use`, {
      remedy: `stop what listens on it, or choose another with ${option} <port>`,
    })
  }
  throw fail(`cannot listen on port ${port}: ${found.code ?? found.message}`, {
    remedy: `choose another with ${option} <port>`,
  })
}

function tryPort(port: number): Promise<number | NodeJS.ErrnoException> {
  return new Promise((resolve) => {
    const server = createServer()
    server.once('error', resolve)
    server.listen(port, HOST, () => {
      const address = server.address()
      server.close(() => resolve(typeof address === 'object' && address !== null ? address.port : port))
    })
  })
}
