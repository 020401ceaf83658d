import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import type { TwoCores } from './cores/two-cores.ts'
import type { FunctionCounts, FunctionReply } from './lambda/main.ts'
import type { LoadJob, LoadReply, Traffic } from './load/main.ts'
import type { LoadResult } from './load/tally.ts'
import { Helper } from './processes/helper.ts'
import { RunningSubject } from './processes/running-subject.ts'
import type { CpuTime } from './processes/usage.ts'
import { type ProfileSummary, summariseProfiles, type TimeSpan } from './profile.ts'
import { type Turn, turnsOf } from './rounds.ts'
import type { Scenario } from './scenarios/scenario.ts'
import { profiled, type Subject } from './subjects/subject.ts'

/** What one subject did in one round. */
export interface Sample extends Turn {
  load: LoadResult
  function: FunctionCounts
  /** Of the subject's process. */
  cpu: CpuTime
  /** Most resident memory that was seen in the round. */
  rssBytes: number
  generatorCpu: CpuTime
  functionCpu: CpuTime
  /** Whether the two cores were hardly more than one. */
  coresShared: boolean
}

export interface ScenarioResult {
  scenario: Scenario
  samples: Sample[]
  profiles: Record<string, ProfileSummary>
}

export interface MeasureOptions {
  rounds: number
  /** Multiplies the length of every round. */
  pace: number
  /** Where CPU profiles go, if they are wanted. */
  profiles: string | undefined
  /** Bundles of the helper processes. */
  files: { load: string; lambda: string }
  /** Not where CPU and latencies are not looked at, nor on a single core. */
  cores: TwoCores | undefined
  /** For manifests. */
  directory: string
  onProgress(what: string): void
}

type Load = Helper<LoadJob, LoadReply>
type Lambda = Helper<{ counts: true }, FunctionReply>

/**
 * Until subject, function and generator run optimised code: a router that serves for days is not to be judged by its first
 * seconds. V8 compiles by calls, and again when it has guessed wrongly: batches of 16 took 40 µs a request after 50,000 of
 * them and 35 after 200,000, traced ones 65 and 48, and while it compiled, its threads kept others from the cores. How long
 * requests at random need is a matter of the scenario.
 */
const WARM_UP = { closedMs: 7000, saturationMs: 3000, connections: 64 }

/** Runs one scenario: starts everything, warms up each subject, and lets them take turns. */
export async function measure(
  scenario: Scenario,
  subjects: Subject[],
  options: MeasureOptions,
): Promise<ScenarioResult> {
  const lambda: Lambda = new Helper(options.files.lambda, [JSON.stringify(scenario.answer)])
  const load: Load = new Helper(options.files.load)
  const running: RunningSubject[] = []
  const stage = new Stage(scenario, options, load, lambda)
  const profiles = options.profiles === undefined ? undefined : join(options.profiles, scenario.name)
  try {
    const greeting = await lambda.greeting
    const port = 'port' in greeting ? greeting.port : 0
    if (profiles !== undefined) mkdirSync(profiles, { recursive: true })
    for (const subject of subjects) {
      const started = profiles === undefined ? subject : profiled(subject, join(profiles, subject.name))
      running.push(await RunningSubject.start(started, scenario, port, options.directory))
    }
    await stage.run(running)
  } finally {
    await Promise.all(running.map((subject) => subject.stop()))
    lambda.stop()
    load.stop()
  }
  return {
    scenario,
    samples: stage.samples,
    profiles: profiles === undefined ? {} : summariseProfiles(profiles, stage.spans),
  }
}

/** The processes of a scenario, and what is measured on them. */
class Stage {
  readonly samples: Sample[] = []
  /** When each subject was measured, on the monotonic clock in µs. */
  readonly spans: Record<string, TimeSpan[]> = {}
  readonly #scenario: Scenario
  readonly #options: MeasureOptions
  readonly #load: Load
  readonly #lambda: Lambda
  /** Requests a second in the warm-up. */
  readonly #saturation = new Map<string, number>()

  constructor(scenario: Scenario, options: MeasureOptions, load: Load, lambda: Lambda) {
    this.#scenario = scenario
    this.#options = options
    this.#load = load
    this.#lambda = lambda
  }

  async run(subjects: RunningSubject[]): Promise<void> {
    const { name } = this.#scenario
    // With recorded arrivals it is the window that is looked at, and one that learns must not learn from a warm-up.
    for (const subject of this.#scenario.plan.kind === 'recorded' ? [] : subjects) {
      this.#options.onProgress(`${name}: ${subject.name} warms up`)
      await this.#warmUp(subject)
    }
    const byName = new Map(subjects.map((subject) => [subject.name, subject]))
    for (const turn of turnsOf([...byName.keys()], this.#options.rounds)) {
      this.#options.onProgress(`${name}: round ${turn.round + 1}, ${turn.subject}`)
      const subject = byName.get(turn.subject)
      if (subject !== undefined) this.samples.push(await this.#onTwoCores(turn, subject))
    }
  }

  async #warmUp(subject: RunningSubject): Promise<void> {
    const { plan } = this.#scenario
    const { pace, cores } = this.#options
    const connections = plan.kind === 'closed' ? plan.connections : WARM_UP.connections
    const full: Traffic = { kind: 'closed', connections }
    // Streams would be too few with 64 clients, and overload is the scenario's own rate.
    if (plan.kind !== 'poisson') await this.#send(subject, full, WARM_UP.closedMs * subject.warmUp * pace, 0)
    if (plan.kind === 'closed' || plan.kind === 'recorded') return
    if (plan.kind === 'share') {
      await cores?.wait()
      const hot = await this.#send(subject, full, WARM_UP.saturationMs * pace, 0)
      this.#saturation.set(subject.name, (hot.ok / hot.elapsedMs) * 1000)
    }
    await this.#send(subject, this.#traffic(subject), plan.warmUpMs * pace, 0)
  }

  async #onTwoCores(turn: Turn, subject: RunningSubject): Promise<Sample> {
    const measured = () => this.#turn(turn, subject)
    const { cores } = this.#options
    if (cores === undefined) return { ...(await measured()), coresShared: false }
    const { result, shared } = await cores.during(measured)
    return { ...result, coresShared: shared }
  }

  async #turn(turn: Turn, subject: RunningSubject): Promise<Omit<Sample, 'coresShared'>> {
    await this.#lambda.ask({ counts: true })
    const peakRss = subject.watchRss()
    const before = this.#clocks(subject)
    const beganUs = monotonicUs()
    const durationMs = this.#scenario.durationMs * this.#options.pace
    const load = await this.#send(subject, this.#traffic(subject), durationMs, turn.round + 1)
    const after = this.#clocks(subject)
    this.spans[subject.name] = [...(this.spans[subject.name] ?? []), [beganUs, monotonicUs()]]
    const reply = await this.#lambda.ask({ counts: true })
    return {
      ...turn,
      load,
      function: 'counts' in reply ? reply.counts : { invocations: 0, items: 0, sizes: [], arrivals: [] },
      cpu: used(before.subject, after.subject),
      rssBytes: peakRss(),
      generatorCpu: used(before.load, after.load),
      functionCpu: used(before.lambda, after.lambda),
    }
  }

  #clocks(subject: RunningSubject): { subject: CpuTime; load: CpuTime; lambda: CpuTime } {
    return { subject: subject.cpuTime, load: this.#load.cpuTime, lambda: this.#lambda.cpuTime }
  }

  #traffic(subject: RunningSubject): Traffic {
    const { plan } = this.#scenario
    if (plan.kind !== 'share') return plan
    const rps = plan.ofSaturation * (this.#saturation.get(subject.name) ?? 0)
    return { kind: 'poisson', rps, connections: plan.connections }
  }

  async #send(
    { port }: RunningSubject,
    traffic: Traffic,
    durationMs: number,
    seed: number,
  ): Promise<LoadResult> {
    const { shape, lpr } = this.#scenario
    const reply = await this.#load.ask({
      port,
      shape,
      traffic,
      durationMs,
      seed,
      maxWaitMs: lpr.maxWaitMs,
    })
    if ('error' in reply) throw new Error(`load generator: ${reply.error}`)
    return reply.result
  }
}

function used(before: CpuTime, after: CpuTime): CpuTime {
  return { userMs: after.userMs - before.userMs, systemMs: after.systemMs - before.systemMs }
}

/** The clock of CPU profiles, the same in all processes of a machine. */
function monotonicUs(): number {
  return Number(process.hrtime.bigint() / 1000n)
}
