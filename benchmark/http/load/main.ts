import { readFileSync } from 'node:fs'
import { poissonArrivals, recordedArrivals } from './arrivals.ts'
import { closedLoop } from './closed-loop.ts'
import { openLoop } from './open-loop.ts'
import { buildRequests, type RequestShape } from './requests.ts'
import type { LoadResult } from './tally.ts'

/** How requests come. */
export type Traffic =
  /** Each client sends again when it has its answer. */
  | { kind: 'closed'; connections: number }
  /** Random, at a rate. */
  | { kind: 'poisson'; rps: number; connections: number }
  /** As in a file of times. */
  | { kind: 'recorded'; file: string; connections: number }

/** What the load process is asked to do; one at a time. */
export interface LoadJob {
  port: number
  shape: RequestShape
  traffic: Traffic
  durationMs: number
  seed: number
  /** The window of the routes, which is not counted as time that the subject adds. */
  maxWaitMs: number
}

export type LoadReply = { result: LoadResult } | { error: string }

/** More sockets than any scenario needs at once; a load that wants more has fallen behind for good. */
const MAX_CONNECTIONS = 8192

/** The load generator, in a process of its own: its CPU must not count for the subject. */
process.on('message', (job: LoadJob) => {
  run(job).then(
    (result) => process.send?.({ result } satisfies LoadReply),
    (error: unknown) => process.send?.({ error: String(error) } satisfies LoadReply),
  )
})
process.on('disconnect', () => process.exit(0))

function run({ port, shape, traffic, durationMs, seed, maxWaitMs }: LoadJob): Promise<LoadResult> {
  const requests = buildRequests(shape, port)
  const { connections } = traffic
  if (traffic.kind === 'closed') return closedLoop({ port, requests, connections, durationMs, maxWaitMs })
  const arrivals =
    traffic.kind === 'poisson'
      ? poissonArrivals(traffic.rps, durationMs, seed)
      : recordedArrivals(readFileSync(traffic.file, 'utf8'))
  return openLoop({ port, requests, arrivals, connections, maxConnections: MAX_CONNECTIONS, maxWaitMs })
}
