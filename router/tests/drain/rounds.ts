import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import {
  answerInterleaved,
  answerWell,
  type Call,
  chunk,
  end,
  FaultyLambda,
  goodBody,
  head,
  lines,
  type Outcome,
  SeededRandom,
} from '@lpr/test-kit'
import { Instance } from '../instance.ts'
import { manifestOf, useEndpoint, verdict } from '../rig.ts'
import { Balancer, Load } from './load.ts'

export interface DrainOptions {
  rounds: number
  /** The router as one file. */
  bundle: string
  clients?: number
  onRound?(round: DrainRound): void
}

/** How one instance went, and what became of everything that was under way then. */
export interface DrainRound {
  round: number
  /** Of the load, while this instance was being replaced. */
  requests: number
  failures: string[]
  exitCode: number | null
  exitMs: number
}

export const SHUTDOWN_DELAY_MS = 1000
export const SHUTDOWN_TIMEOUT_MS = 15_000
const STREAMED = { invokeMode: 'response_stream' }
const STREAMS = ['1', '2', '3', '4']

/**
 * Replaces a router under load, again and again: a new instance comes into service, the old one gets SIGTERM with
 * streams open, a batch waiting in a long window and unused connections.
 */
export async function runDrainRounds(options: DrainOptions): Promise<DrainRound[]> {
  const directory = await mkdtemp(join(tmpdir(), 'lpr-drain-'))
  const lambda = await FaultyLambda.start()
  lambda.keepCalls = false
  const balancer = new Balancer()
  const instances: Instance[] = []
  try {
    const config = join(directory, 'config.json')
    await writeFile(config, JSON.stringify(manifest()))
    useEndpoint(lambda.url)
    const launch = async (): Promise<Instance> => {
      const instance = await Instance.start(options.bundle, config)
      instances.push(instance)
      balancer.add(instance)
      await balancer.until(instance, true)
      return instance
    }
    return await replaceAll(options, launch, balancer, new Gate(lambda))
  } finally {
    balancer.stop()
    for (const instance of instances) instance.kill()
    await lambda.close()
    await rm(directory, { recursive: true })
  }
}

function manifest() {
  return manifestOf({
    config: { ShutdownDelayMs: SHUTDOWN_DELAY_MS, ShutdownTimeoutMs: SHUTDOWN_TIMEOUT_MS },
    lpr: { maxWaitMs: 5, maxBatchSize: 8, timeoutMs: 30_000 },
    paths: {
      '/b/{id}': { get: {}, post: {} },
      '/s/{id}': { get: STREAMED, post: STREAMED },
      '/long/{id}': { get: { ...STREAMED, maxBatchSize: 1 } },
      '/patient/{id}': { get: { maxWaitMs: 29_000 } },
    },
  })
}

async function replaceAll(
  { rounds, clients = 16, onRound }: DrainOptions,
  launch: () => Promise<Instance>,
  balancer: Balancer,
  gate: Gate,
): Promise<DrainRound[]> {
  let current = await launch()
  const load = new Load(balancer, clients)
  const done: DrainRound[] = []
  let seen = 0
  for (let round = 1; round <= rounds; round++) {
    const sent = load.sent
    const next = await launch()
    const ended = await drain(current, balancer, gate)
    const failures = [...load.failures.slice(seen), ...ended.failures]
    seen = load.failures.length
    const result = { round, requests: load.sent - sent, ...ended, failures }
    balancer.instances.delete(current)
    current = next
    done.push(result)
    onRound?.(result)
  }
  await load.stop()
  done.at(-1)?.failures.push(...load.failures.slice(seen))
  return done
}

/** Ends one instance with everything under way that may be. */
async function drain(instance: Instance, balancer: Balancer, gate: Gate) {
  const failures: string[] = []
  const expectGood = (path: string, outcome: Outcome | undefined): void => {
    if (outcome?.body.toString() !== goodBody(path) || outcome.kind !== 'response')
      failures.push(`${path}: ${outcome === undefined ? 'no connection' : verdict(outcome)}`)
  }
  gate.shut()
  const paths = STREAMS.map((id) => `/long/${id}`)
  const streams = await Promise.all(
    paths.map(async (path) => {
      const started = (await instance.connect()).start({ path })
      await started.head
      return { path, outcome: started.outcome }
    }),
  )
  const patient = (await instance.connect()).request({ path: '/patient/1' })
  await instance.connect()
  instance.terminate()
  await balancer.until(instance, false)
  expectGood('/b/late', await instance.ask({ path: '/b/late' }))
  gate.open(STREAMS.slice(0, 2))
  for (const { path, outcome } of streams.slice(0, 2)) expectGood(path, await outcome)
  await instance.closed()
  expectGood('/patient/1', await patient)
  gate.open(STREAMS.slice(2))
  for (const { path, outcome } of streams.slice(2)) expectGood(path, await outcome)
  const { code, signal, afterMs = Number.NaN } = await instance.exited
  if (code !== 0) failures.push(`exit code ${code}, signal ${signal}`)
  if (!(afterMs <= SHUTDOWN_TIMEOUT_MS)) failures.push(`exit after ${afterMs} ms`)
  return { failures, exitCode: code, exitMs: Math.round(afterMs) }
}

/** Answers the load as it comes; holds long streams open between their first and their last byte. */
class Gate {
  #opened = new Set<string>()
  #waiting = new Map<string, () => void>()
  readonly #random = new SeededRandom(1)

  constructor(lambda: FaultyLambda) {
    lambda.behaviour = (call) => this.#answer(call)
  }

  shut(): void {
    this.#opened = new Set()
  }

  /** Lets the streams with these ids end. */
  open(ids: string[]): void {
    for (const id of ids) {
      this.#opened.add(id)
      this.#waiting.get(id)?.()
      this.#waiting.delete(id)
    }
  }

  async #answer(call: Call): Promise<void> {
    if (call.event.meta.route === '/long/{id}') return this.#long(call)
    for (let turns = this.#random.below(5); turns > 0; turns--) await new Promise(setImmediate)
    const interleaved = call.streaming && this.#random.chance(0.5)
    return interleaved ? answerInterleaved(call) : answerWell(call)
  }

  async #long(call: Call): Promise<void> {
    for (const item of call.items) {
      const [id, text] = [item.pathParameters?.id ?? '', goodBody(item.rawPath)]
      call.send(lines(head(item), chunk(item, text.slice(0, 5))))
      if (!this.#opened.has(id)) await new Promise<void>((resolve) => this.#waiting.set(id, resolve))
      call.send(lines(chunk(item, text.slice(5)), end(item)))
    }
    call.complete()
  }
}
