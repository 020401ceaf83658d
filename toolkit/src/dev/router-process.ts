import { type ChildProcess, spawn } from 'node:child_process'
import { existsSync, readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import { fail } from '../errors.ts'
import { isObject, objectOrEmpty } from '../json.ts'
import { errorMessage } from './log-format.ts'

export interface RouterProcessOptions {
  /** The router's program, from `locateRouter`. */
  program: string
  /** The whole environment of the process. */
  environment: Record<string, string>
  /** Answers 200 once the router serves. */
  readyUrl: string
  /** Every line that the router writes. */
  onLine: (line: string) => void
}

const READY_TIMEOUT_MS = 30_000
const POLL_MS = 50
/** After the first signal the router drains; after the second it ends at once. */
const DRAIN_MS = 1_000
const KILL_MS = 2_000

/**
 * Loaded into the router's process before the router: ends it when its standard input ends, which happens however this
 * process ends, by SIGKILL too. Otherwise an orphan would keep the port.
 */
const ORPHAN_GUARD =
  "process.stdin.on('end', () => process.exit(1)).on('error', () => process.exit(1)).resume()"

/** The router as a process of its own. */
export class RouterProcess {
  /** Resolves with how the process ended, whoever ended it. */
  readonly exited: Promise<string>
  readonly #child: ChildProcess
  readonly #errors: string[] = []
  #hasExited = false

  private constructor(options: RouterProcessOptions) {
    this.#child = spawn(process.execPath, ['--import', dataUrl(ORPHAN_GUARD), options.program], {
      env: options.environment,
      stdio: ['pipe', 'pipe', 'pipe'],
    })
    this.exited = new Promise((resolve) => {
      this.#child.once('error', (error) => resolve(error.message))
      this.#child.once('close', (code, signal) => resolve(signal ?? `exit code ${code}`))
    })
    void this.exited.then(() => {
      this.#hasExited = true
    })
    for (const stream of [this.#child.stdout, this.#child.stderr]) {
      if (stream) createInterface({ input: stream }).on('line', (line) => this.#onLine(line, options.onLine))
    }
  }

  /** Starts the router and waits until it serves. Rejects with the router's own error if it ends before that. */
  static async start(options: RouterProcessOptions, signal?: AbortSignal): Promise<RouterProcess> {
    const router = new RouterProcess(options)
    try {
      await router.#untilReady(options.readyUrl, signal)
      return router
    } catch (error) {
      await router.stop()
      throw error
    }
  }

  get pid(): number | undefined {
    return this.#child.pid
  }

  /** Lets it drain for a moment, then makes sure that it is gone. */
  async stop(): Promise<void> {
    if (this.#hasExited) return
    const timers = [
      setTimeout(() => this.#child.kill('SIGTERM'), DRAIN_MS),
      setTimeout(() => this.#child.kill('SIGKILL'), KILL_MS),
    ]
    this.#child.kill('SIGTERM')
    await this.exited
    for (const timer of timers) clearTimeout(timer)
  }

  /** Ends it without waiting, for use while this process itself is ending. */
  kill(): void {
    this.#child.kill('SIGKILL')
  }

  async #untilReady(url: string, signal: AbortSignal | undefined): Promise<void> {
    const deadline = Date.now() + READY_TIMEOUT_MS
    while (!this.#hasExited) {
      signal?.throwIfAborted()
      if (await answersOk(url)) return
      if (Date.now() > deadline)
        throw fail(`the router was not ready after ${READY_TIMEOUT_MS / 1000} s (${url})`)
      await Promise.race([this.exited, new Promise((resolve) => setTimeout(resolve, POLL_MS))])
    }
    const detail = this.#errors.join('\n') || (await this.exited)
    throw fail(`the router did not start: ${detail}`)
  }

  #onLine(line: string, onLine: (line: string) => void): void {
    const message = errorMessage(line)
    if (message !== undefined) this.#errors.push(message)
    onLine(line)
  }
}

/** The program of the package `lpr-router`, looked for from this file upwards. Throws if it is not there or not built. */
export function locateRouter(from = dirname(fileURLToPath(import.meta.url))): string {
  const directory = join(from, 'node_modules', 'lpr-router')
  if (existsSync(join(directory, 'package.json'))) return programOf(directory)
  const parent = dirname(from)
  if (parent === from)
    throw fail('the package lpr-router is not installed', { remedy: 'npm install lpr-router' })
  return locateRouter(parent)
}

function programOf(directory: string): string {
  const { bin } = objectOrEmpty(JSON.parse(readFileSync(join(directory, 'package.json'), 'utf8')))
  const path = isObject(bin) ? bin['lpr-router'] : bin
  if (!existsSync(join(directory, 'dist', 'lpr-router.mjs'))) {
    throw fail('lpr-router is not built yet', { remedy: 'run `make build` at the root of the repository' })
  }
  return join(directory, String(path))
}

function dataUrl(source: string): string {
  return `data:text/javascript,${encodeURIComponent(source)}`
}

/** Whether a GET of the URL is answered with a 2xx status. */
export async function answersOk(url: string): Promise<boolean> {
  try {
    const response = await fetch(url, { signal: AbortSignal.timeout(1_000) })
    await response.body?.cancel()
    return response.ok
  } catch {
    return false
  }
}
