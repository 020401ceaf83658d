import { type ChildProcess, spawn } from 'node:child_process'
import { setTimeout as delay } from 'node:timers/promises'
import { LineSplitter } from './log-lines.ts'

/** How long to wait for the last output of a process that is gone: something it started may hold its pipes. */
const OUTPUT_GRACE_MS = 1000

/** What to start, and where. */
export interface ProcessOptions {
  command: string
  args: string[]
  cwd: string
  env: Record<string, string>
  onLine: (stream: 'stdout' | 'stderr', text: string) => void
}

/** A function's process, with everything it starts: they form a process group that ends as a whole. */
export class FunctionProcess {
  /** Resolves with what happened, for example `exit status 1`, when the process is gone and its output has been read. */
  readonly ended: Promise<string>
  readonly #child: ChildProcess

  constructor({ command, args, cwd, env, onLine }: ProcessOptions) {
    // A group of its own, so that Ctrl-C in a terminal reaches only the parent, which then ends the group in order.
    this.#child = spawn(command, args, { cwd, env, detached: true, stdio: ['ignore', 'pipe', 'pipe'] })
    this.ended = this.#watch(command)
    for (const name of ['stdout', 'stderr'] as const) this.#readLines(name, onLine)
  }

  get pid(): number | undefined {
    return this.#child.pid
  }

  /** Ends the process as Lambda does, without a chance to clean up. Await `ended` to know that it is gone. */
  kill(): void {
    const { pid } = this.#child
    if (pid === undefined) return
    try {
      process.kill(-pid, 'SIGKILL')
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error
    }
  }

  #readLines(name: 'stdout' | 'stderr', onLine: ProcessOptions['onLine']): void {
    const splitter = new LineSplitter((text) => onLine(name, text))
    this.#child[name]?.on('data', (bytes: Buffer) => splitter.push(bytes))
    this.#child[name]?.on('close', () => splitter.flush())
  }

  async #watch(command: string): Promise<string> {
    const closed = new Promise((resolve) => this.#child.once('close', resolve))
    const reason = await new Promise<string>((resolve) => {
      this.#child.once('error', (error) => resolve(`cannot start ${command}: ${error.message}`))
      this.#child.once('exit', (code, signal) => resolve(describeExit(code, signal)))
    })
    this.kill() // What the process started must not outlive it.
    await Promise.race([closed, delay(OUTPUT_GRACE_MS, undefined, { ref: false })])
    this.#child.stdout?.destroy()
    this.#child.stderr?.destroy()
    return reason
  }
}

function describeExit(code: number | null, signal: NodeJS.Signals | null): string {
  if (signal === 'SIGKILL') return 'signal: killed'
  return signal === null ? `exit status ${code}` : `signal: ${signal}`
}
