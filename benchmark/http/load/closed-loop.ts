import { keepClient, takeClients } from './clients.ts'
import type { Connection, Sent } from './connection.ts'
import { type LoadResult, Tally } from './tally.ts'

export interface ClosedLoopJob {
  port: number
  requests: Buffer[]
  connections: number
  durationMs: number
  maxWaitMs: number
}

/**
 * Each connection sends its next request as soon as it has its answer: the most that the subject does with so many
 * clients. Its latencies say how busy the subject was, not what a client of a less busy one would see.
 */
export async function closedLoop(job: ClosedLoopJob): Promise<LoadResult> {
  const tally = new Tally(job.maxWaitMs)
  const { promise: over, resolve } = deferred()
  let open = job.connections
  let next = 0
  let untilMs = Number.POSITIVE_INFINITY
  const left = (): void => {
    open -= 1
    if (open === 0) resolve()
  }
  const sendNext = (connection: Connection): void => {
    const now = performance.now()
    if (now >= untilMs) {
      keepClient(job.port, connection)
      left()
      return
    }
    tally.sent += 1
    const request = job.requests[next++ % job.requests.length]
    if (request !== undefined) connection.send(request, now, now)
  }
  const onAnswer = (connection: Connection, sent: Sent): void => {
    record(tally, sent)
    sendNext(connection)
  }
  const onBroken = (_connection: Connection, sent: Sent | undefined): void => {
    if (sent !== undefined) tally.broken()
    left()
  }
  const connections = await takeClients(job.port, job.connections, { onAnswer, onBroken })
  const startedAtMs = performance.now()
  untilMs = startedAtMs + job.durationMs
  for (const connection of connections) sendNext(connection)
  await over
  return tally.result(performance.now() - startedAtMs, job.connections)
}

/** Counts an answer; a response without a body has its first byte with its last. */
export function record(tally: Tally, sent: Sent): void {
  const endMs = performance.now()
  if (sent.head === undefined) {
    tally.broken()
    return
  }
  const { intendedMs, sentMs, firstByteMs } = sent
  tally.answered(
    { intendedMs, sentMs, firstByteMs: firstByteMs === 0 ? endMs : firstByteMs, endMs },
    sent.head,
  )
}

export function deferred(): { promise: Promise<void>; resolve: () => void } {
  let resolve = (): void => undefined
  const promise = new Promise<void>((done) => {
    resolve = done
  })
  return { promise, resolve }
}
