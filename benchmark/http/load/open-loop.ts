import type { Arrivals } from './arrivals.ts'
import { idleClients, keepClient, takeClients } from './clients.ts'
import { deferred, record } from './closed-loop.ts'
import { Connection, type ConnectionEvents, type Sent } from './connection.ts'
import { follow, realPacer } from './schedule.ts'
import { type LoadResult, Tally } from './tally.ts'

export interface OpenLoopJob {
  port: number
  requests: Buffer[]
  arrivals: Arrivals
  /** Connections that there are beforehand, at least; more are opened as needed. */
  connections: number
  /** Beyond it requests wait in the generator, and their waiting counts. */
  maxConnections: number
  maxWaitMs: number
}

/** Sends requests when they are due, however slow the answers are. */
export async function openLoop(job: OpenLoopJob): Promise<LoadResult> {
  const load = new OpenLoop(job)
  return load.run()
}

class OpenLoop {
  readonly #job: OpenLoopJob
  readonly #tally: Tally
  readonly #free: Connection[] = []
  readonly #waiting: { request: Buffer; intendedMs: number }[] = []
  readonly #done = deferred()
  readonly #events: ConnectionEvents = {
    onAnswer: (answered, sent) => this.#answered(answered, sent),
    onBroken: (broken, sent) => this.#broken(broken, sent),
  }
  #opened = 0
  #outstanding = 0
  #allSent = false
  #ended = false

  constructor(job: OpenLoopJob) {
    this.#job = job
    this.#tally = new Tally(job.maxWaitMs)
  }

  async run(): Promise<LoadResult> {
    const { connections, arrivals, requests, port } = this.#job
    this.#opened = Math.max(connections, idleClients(port))
    this.#free.push(...(await takeClients(port, this.#opened, this.#events)))
    const startMs = performance.now()
    await follow(arrivals, startMs, realPacer, (intendedMs, index) => {
      const request = requests[index % requests.length]
      if (request !== undefined) this.#send(request, intendedMs)
    })
    this.#allSent = true
    if (this.#outstanding > 0) await this.#done.promise
    this.#ended = true
    for (const connection of this.#free) keepClient(port, connection)
    return this.#tally.result(performance.now() - startMs, this.#opened)
  }

  #send(request: Buffer, intendedMs: number): void {
    this.#tally.sent += 1
    this.#outstanding += 1
    // All take turns, as clients do: one that had never sent anything would be something else to the subject.
    const connection = this.#free.shift()
    if (connection === undefined) {
      this.#waiting.push({ request, intendedMs })
      if (this.#opened < this.#job.maxConnections) this.#open().catch(() => this.#over())
      return
    }
    const nowMs = performance.now()
    this.#tally.late(nowMs - intendedMs)
    connection.send(request, intendedMs, nowMs)
  }

  async #open(): Promise<void> {
    this.#opened += 1
    this.#use(await Connection.open(this.#job.port, this.#events))
  }

  #use(connection: Connection): void {
    const next = this.#waiting.shift()
    if (this.#ended) keepClient(this.#job.port, connection)
    else if (next === undefined) this.#free.push(connection)
    // That no connection was free is the subject's doing.
    else connection.send(next.request, next.intendedMs, next.intendedMs)
  }

  #answered(connection: Connection, sent: Sent): void {
    record(this.#tally, sent)
    this.#use(connection)
    this.#over()
  }

  #broken(connection: Connection, sent: Sent | undefined): void {
    this.#opened -= 1
    const free = this.#free.indexOf(connection)
    if (free >= 0) this.#free.splice(free, 1)
    if (sent === undefined) return
    this.#tally.broken()
    this.#over()
  }

  #over(): void {
    this.#outstanding -= 1
    if (this.#allSent && this.#outstanding === 0) this.#done.resolve()
  }
}
