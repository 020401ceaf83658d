import { randomInt } from 'node:crypto'
import { createServer } from 'node:net'
import { fail } from '../errors.ts'

const HOST = '127.0.0.1'

/**
 * Where ports for 0 are looked for: below those that systems give out by themselves, from 32768 on Linux and 49152
 * elsewhere. One of these could go to any outgoing connection before the router starts.
 */
const FIRST_PORT = 20_000
const PORTS = 12_000
const TRIES = 50

/**
 * The port itself if nothing listens on it, or any free one for 0. Throws a FindingsError that names the option to change.
 * Another process may still take it before the router does.
 */
export async function availablePort(port: number, option: string): Promise<number> {
  const found = port === 0 ? await anyPort() : await tryPort(port)
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

async function anyPort(): Promise<number | NodeJS.ErrnoException> {
  for (let attempt = 0; attempt < TRIES; attempt++) {
    const found = await tryPort(FIRST_PORT + randomInt(PORTS))
    if (typeof found === 'number') return found
  }
  return tryPort(0)
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
