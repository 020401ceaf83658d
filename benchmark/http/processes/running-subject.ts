import { type ChildProcess, spawn } from 'node:child_process'
import { writeFileSync } from 'node:fs'
import { get } from 'node:http'
import { type AddressInfo, createServer } from 'node:net'
import { join } from 'node:path'
import { manifestOf, type Scenario } from '../scenarios/scenario.ts'
import { FUNCTION_PORT, type Subject } from '../subjects/subject.ts'
import { type CpuTime, cpuTime, watchRss } from './usage.ts'

const READY_WITHIN_MS = 20_000
const STOP_WITHIN_MS = 10_000
const POLL_MS = 50

/** A subject's process, serving a scenario. */
export class RunningSubject {
  readonly name: string
  readonly port: number
  /** Multiplies its time at full load before anything is measured. */
  readonly warmUp: number
  readonly #child: ChildProcess

  private constructor({ name, warmUp = 1 }: Subject, port: number, child: ChildProcess) {
    this.name = name
    this.port = port
    this.warmUp = warmUp
    this.#child = child
  }

  /** Starts the subject with the scenario's manifest; resolves when `/readyz` says so. */
  static async start(
    subject: Subject,
    scenario: Scenario,
    lambdaPort: number,
    directory: string,
  ): Promise<RunningSubject> {
    const port = await freePort()
    const config = join(directory, `${scenario.name}-${subject.name}.json`)
    writeFileSync(config, JSON.stringify(manifestOf(scenario, port, subject.config)))
    const [program = '', ...args] = subject.command
    const child = spawn(program, [...args, '--config', config], {
      // Logs are written, because writing them is work, but nobody reads them.
      stdio: ['ignore', 'ignore', 'inherit'],
      env: { ...process.env, ...awsVariables(lambdaPort), ...placed(subject.env, lambdaPort) },
    })
    const running = new RunningSubject(subject, port, child)
    await running.#ready()
    return running
  }

  get cpuTime(): CpuTime {
    return cpuTime(this.#pid)
  }

  watchRss(): () => number {
    return watchRss(this.#pid)
  }

  /** Ends the process in order, so that a profile is written; by force if it does not go. */
  async stop(): Promise<void> {
    if (this.#child.exitCode !== null) return
    const gone = new Promise<void>((resolve) => this.#child.once('exit', () => resolve()))
    this.#child.kill('SIGTERM')
    const timer = setTimeout(() => this.#child.kill('SIGKILL'), STOP_WITHIN_MS)
    await gone
    clearTimeout(timer)
  }

  get #pid(): number {
    return this.#child.pid ?? 0
  }

  async #ready(): Promise<void> {
    const untilMs = performance.now() + READY_WITHIN_MS
    let failed: Error | undefined
    this.#child.once('error', (error) => {
      failed = error
    })
    while (performance.now() < untilMs) {
      if (failed !== undefined) throw new Error(`${this.name} did not start: ${failed.message}`)
      if (this.#child.exitCode !== null)
        throw new Error(`${this.name} ended with ${this.#child.exitCode} instead of serving`)
      if ((await status(this.port)) === 200) return
      await new Promise((resolve) => setTimeout(resolve, POLL_MS))
    }
    this.#child.kill('SIGKILL')
    throw new Error(`${this.name} was not ready within ${READY_WITHIN_MS} ms`)
  }
}

function placed(env: Record<string, string>, port: number): Record<string, string> {
  const entries = Object.entries(env).map(([name, value]) => [
    name,
    value.replace(FUNCTION_PORT, String(port)),
  ])
  return Object.fromEntries(entries)
}

function awsVariables(lambdaPort: number): Record<string, string> {
  return {
    AWS_ENDPOINT_URL_LAMBDA: `http://127.0.0.1:${lambdaPort}`,
    AWS_REGION: 'us-east-1',
    AWS_ACCESS_KEY_ID: 'AKIDBENCHMARK',
    AWS_SECRET_ACCESS_KEY: 'benchmark',
    AWS_EC2_METADATA_DISABLED: 'true',
  }
}

function status(port: number): Promise<number | undefined> {
  return new Promise((resolve) => {
    const request = get({ port, host: '127.0.0.1', path: '/readyz', agent: false }, (response) => {
      response.resume().on('end', () => resolve(response.statusCode))
    })
    request.on('error', () => resolve(undefined))
    // A subject that accepts and never answers must not hold the benchmark up.
    request.setTimeout(1000, () => request.destroy())
  })
}

function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer().once('error', reject)
    server.listen(0, '127.0.0.1', () => {
      const { port } = server.address() as AddressInfo
      server.close(() => resolve(port))
    })
  })
}
