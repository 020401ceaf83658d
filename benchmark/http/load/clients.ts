import { Connection, type ConnectionEvents, settled } from './connection.ts'

/** Connections that nobody uses at the moment, by port. */
const idle = new Map<number, Connection[]>()

/**
 * Clients that stay connected from one load to the next, as those of a service do. If all of them left between rounds, a
 * subject would be judged by what V8 does about that: a collection finds that connections of that kind are no more, forgets
 * their shape, and the code that was compiled for them is thrown away with it.
 */
export async function takeClients(
  port: number,
  count: number,
  events: ConnectionEvents,
): Promise<Connection[]> {
  const kept = idle.get(port)?.splice(0, count) ?? []
  for (const connection of kept) connection.events = events
  const missing = count - kept.length
  if (missing === 0) return kept
  const opened = await Connection.openAll(missing, port, events)
  await settled(missing)
  return [...kept, ...opened]
}

/** How many there are for a port. */
export function idleClients(port: number): number {
  return idle.get(port)?.length ?? 0
}

/** Keeps a connection, until it is taken again or the server closes it. */
export function keepClient(port: number, connection: Connection): void {
  const others = idle.get(port) ?? []
  idle.set(port, others)
  others.push(connection)
  const onBroken = (broken: Connection): void => {
    const at = others.indexOf(broken)
    if (at >= 0) others.splice(at, 1)
  }
  connection.events = { onAnswer: () => undefined, onBroken }
}
