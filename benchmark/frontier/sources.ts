import { TimeHeap } from './heap.ts'
import { type Random, seededRandom } from './random.ts'

/** Where simulated requests come from. */
export interface Source {
  /** Infinity: none is due, unless an answer brings one about. */
  readonly nextAtMs: number
  /** Takes the request that is due; returns its client. */
  take(): number
  answered(client: number, nowMs: number): void
}

/** Requests at set times, whatever the answers. */
export function openLoop(arrivals: Float64Array): Source {
  let next = 0
  return {
    get nextAtMs() {
      return arrivals[next] ?? Number.POSITIVE_INFINITY
    },
    take: () => next++,
    answered: () => undefined,
  }
}

export interface ClosedLoop {
  clients: number
  requests: number
  seed: number
  /** From an answer to the client's next request. */
  thinkMs(random: Random): number
}

/** Clients that each wait for their answer before they ask again. */
export function closedLoop({
  clients,
  requests,
  seed,
  thinkMs,
}: ClosedLoop): Source & { arrivals: number[] } {
  const random = seededRandom(seed)
  const ready = new TimeHeap<number>()
  const arrivals: number[] = []
  for (let client = 0; client < clients; client++) ready.push(random.between(0, 50), client)
  return {
    arrivals,
    get nextAtMs() {
      return arrivals.length < requests ? ready.nextAtMs : Number.POSITIVE_INFINITY
    },
    take() {
      arrivals.push(ready.nextAtMs)
      return ready.pop() ?? 0
    },
    answered: (client, nowMs) => ready.push(nowMs + thinkMs(random), client),
  }
}
