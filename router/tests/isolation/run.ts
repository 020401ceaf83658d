import { monitorEventLoopDelay } from 'node:perf_hooks'
import type { Manifest } from '@lpr/contract'
import { FaultyLambda, HttpConnection, type Outcome, SeededRandom } from '@lpr/test-kit'
import { manifestOf, useEndpoint, verdict } from '../rig.ts'
import { type FunctionFindings, unreliableFunction } from './function.ts'
import { type Left, launchInProcess, type Subject } from './subject.ts'
import { crosses, isAnswer, makeRequest, PATHS, type SecretRequest } from './traffic.ts'

export interface IsolationOptions {
  requests: number
  seed: number
  /** Requests that are under way at once. */
  clients?: number
  /** Called when this many requests are over and nothing is under way, before the run goes on. */
  checkpoints?: { after: number; reached(): void | Promise<void> }[]
  onProgress?(done: number): void
  /** The router; by default one in this process, from its sources. */
  launch?(manifest: Manifest): Promise<Subject>
}

export interface IsolationSummary {
  requests: number
  seed: number
  durationMs: number
  /** Anything of one request seen by another's client or in another's batch key. */
  crossings: number
  /** Requests without an outcome. */
  lost: number
  /** The first of them: what was asked, what had come back, what the router held then. */
  losses: string[]
  /** Requests with a second outcome, or with an invocation too many. */
  duplicated: number
  /** Requests that the function answered well and whose client got something else. */
  spoiled: number
  /** How requests ended: status, error code, `reset`, or `left` for clients that went away themselves. */
  verdicts: Record<string, number>
  invocations: number
  /** What the router still held at the end; all zero but for batch keys that it remembers for their rate. */
  left: Left
}

/** No request takes longer: slow heads and uploads, the routes' `timeoutMs` and silent streams all end far below. */
const LOST_AFTER_SECONDS = 30
const TIMEOUT_MS = 4000
const MOST_LOSSES = 10

/** Sends requests, each with a secret of its own, through a router whose function and clients fail at random. */
export async function runIsolation(options: IsolationOptions): Promise<IsolationSummary> {
  const run = new IsolationRun(options)
  try {
    await run.start()
    return await run.all()
  } finally {
    await run.stop()
  }
}

class IsolationRun {
  readonly #options: IsolationOptions
  readonly #random: SeededRandom
  readonly #findings: FunctionFindings
  readonly #outcomes: Uint8Array
  readonly #verdicts: Record<string, number> = {}
  readonly #losses: string[] = []
  readonly #loopDelay = monitorEventLoopDelay()
  #lambda: FaultyLambda | undefined
  #router: Subject | undefined
  #next = 0
  #done = 0
  #invocations = 0
  #crossings = 0
  #surplus = 0
  #spoiled = 0

  constructor(options: IsolationOptions) {
    this.#options = options
    this.#random = new SeededRandom(options.seed)
    const bytes = (): Uint8Array => new Uint8Array(options.requests)
    this.#findings = {
      crossings: 0,
      invoked: bytes(),
      answeredAtMs: new Float64Array(options.requests),
    }
    this.#outcomes = bytes()
  }

  async start(): Promise<void> {
    this.#loopDelay.enable()
    this.#lambda = await FaultyLambda.start()
    this.#lambda.keepCalls = false
    const answer = unreliableFunction(this.#random, this.#findings)
    this.#lambda.behaviour = (call) => {
      this.#invocations += 1
      return answer(call)
    }
    useEndpoint(this.#lambda.url)
    const manifest = manifestOf({
      paths: PATHS,
      lpr: { maxWaitMs: 20, maxBatchSize: 8, timeoutMs: TIMEOUT_MS },
      config: {
        MaxInvokePayloadBytes: 262_144,
        StreamIdleTimeoutMs: TIMEOUT_MS,
        RequestReadTimeoutMs: 2 * TIMEOUT_MS,
        IdleTtlMs: 1000,
      },
    })
    this.#router = await (this.#options.launch ?? launchInProcess)(manifest)
  }

  async all(): Promise<IsolationSummary> {
    const { requests, seed, clients = 256, checkpoints = [] } = this.#options
    const router = this.#router
    if (router === undefined) throw new Error('start() comes first')
    const startedAtMs = performance.now()
    const stops = [...checkpoints, { after: requests, reached: () => undefined }].sort(
      (a, b) => a.after - b.after,
    )
    for (const { after, reached } of stops) {
      await Promise.all(
        Array.from({ length: clients }, () => this.#client(router.port, Math.min(after, requests))),
      )
      await quiet(router)
      await reached()
    }
    return {
      requests,
      seed,
      durationMs: Math.round(performance.now() - startedAtMs),
      crossings: this.#crossings + this.#findings.crossings,
      lost: this.#outcomes.filter((count) => count === 0).length,
      losses: this.#losses,
      duplicated: this.#surplus + this.#outcomes.filter((count) => count > 1).length,
      spoiled: this.#spoiled,
      verdicts: this.#verdicts,
      invocations: this.#invocations,
      left: await router.left(),
    }
  }

  async stop(): Promise<void> {
    this.#loopDelay.disable()
    await this.#router?.stop()
    await this.#lambda?.close()
  }

  /** One client: a request at a time, on a connection that is kept as long as it lasts. */
  async #client(port: number, until: number): Promise<void> {
    let connection: HttpConnection | undefined
    while (this.#next < until) {
      const number = this.#next++
      connection = connection?.usable ? connection : await HttpConnection.open(port)
      // A stream of its own for each request, so that number and seed are enough to make it again.
      const random = new SeededRandom(this.#options.seed ^ Math.imul(number + 1, 0x9e3779b1))
      const request = makeRequest(number, random)
      const leavesAfter = random.chance(0.02) ? random.below(40) : undefined
      const outcome = await this.#exchange(connection, request, leavesAfter)
      const left = leavesAfter !== undefined && outcome?.kind === 'closed'
      if (outcome === undefined) await this.#lose(number, request, connection)
      else this.#judge(number, request, connection, outcome, left)
      this.#done += 1
      if (this.#done % 1000 === 0) this.#options.onProgress?.(this.#done)
    }
    connection?.close()
  }

  /** Undefined: no outcome came in any reasonable time. */
  async #exchange(
    connection: HttpConnection,
    request: SecretRequest,
    leavesAfter: number | undefined,
  ): Promise<Outcome | undefined> {
    const outcome = connection.request(request.parts)
    if (leavesAfter !== undefined) void leaveAfter(connection, leavesAfter)
    let timer: NodeJS.Timeout | undefined
    const lost = new Promise<undefined>((resolve) => {
      let seconds = 0
      // Counted in ticks: a machine that is too busy to run this process for half a minute has lost nothing.
      timer = setInterval(() => {
        seconds += 1
        if (seconds === LOST_AFTER_SECONDS) resolve(undefined)
      }, 1000)
    })
    try {
      return await Promise.race([outcome, lost])
    } finally {
      clearInterval(timer)
      if (leavesAfter !== undefined) connection.close()
    }
  }

  /**
   * An answer that was sent long before the deadline must arrive. One that was sent just as it came need not, nor one that
   * lay unread because the machine did not run this process.
   */
  #answeredInTime(number: number, ending: string): boolean {
    const answeredAtMs = this.#findings.answeredAtMs[number] ?? 0
    if (answeredAtMs === 0) return false
    if (ending !== 'timeout') return true
    const starved = this.#loopDelay.max / 1e6 > TIMEOUT_MS / 4
    return !starved && performance.now() - answeredAtMs > TIMEOUT_MS / 2
  }

  async #lose(number: number, { parts }: SecretRequest, connection: HttpConnection): Promise<void> {
    const { status } = connection.partial
    const left = await this.#router?.left()
    connection.close()
    if (this.#losses.length === MOST_LOSSES) return
    this.#losses.push(JSON.stringify({ number, method: parts.method, path: parts.path, status, left }))
  }

  #judge(
    number: number,
    request: SecretRequest,
    connection: HttpConnection,
    outcome: Outcome,
    left: boolean,
  ): void {
    const ending = left ? 'left' : verdict(outcome)
    // A connection that is closed in order before the response is whole looks like an answer to some clients.
    if (ending !== 'closed') this.#outcomes[number] = (this.#outcomes[number] ?? 0) + 1
    if (connection.surplus.length > 0) this.#surplus += 1
    if (crosses(outcome, request)) this.#crossings += 1
    this.#verdicts[ending] = (this.#verdicts[ending] ?? 0) + 1
    if (left) return
    const good = isAnswer(outcome, request)
    if (this.#answeredInTime(number, ending) && !good) this.#spoiled += 1
    if (outcome.status === 200 && outcome.kind === 'response' && !good) this.#spoiled += 1
    if ((this.#findings.invoked[number] ?? 0) > 1 && !request.repeatable) this.#surplus += 1
  }
}

async function quiet(router: Subject): Promise<void> {
  const deadlineMs = performance.now() + LOST_AFTER_SECONDS * 1000
  while (performance.now() < deadlineMs) {
    if (Object.values(await router.left()).every((figure) => figure === 0)) return
    await new Promise(setImmediate)
  }
}

async function leaveAfter(connection: HttpConnection, turns: number): Promise<void> {
  for (let turn = 0; turn < turns; turn++) await new Promise(setImmediate)
  connection.reset()
}
