// Runs an image as a container engine would: its own root, process 1 of its own, its user, environment and entry point.
import { spawn } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { createInterface } from 'node:readline'

/** A process that an image started. */
export class Container {
  #child
  #lines = []
  #waiting = new Set()
  /** Resolves with the exit code. */
  exited

  /** `more` is added to the image's environment, as by `docker run -e`. */
  constructor(root, config, command, more = {}) {
    this.#child = spawn('unshare', isolation(root, config.User, command), {
      env: { ...environment(config), ...more },
      stdio: ['ignore', 'pipe', 'pipe'],
    })
    for (const stream of [this.#child.stdout, this.#child.stderr])
      createInterface({ input: stream }).on('line', (line) => this.#onLine(line))
    this.exited = new Promise((resolve, reject) => {
      this.#child.once('error', reject)
      this.#child.once('close', (code, signal) => resolve(code ?? signal))
    })
  }

  get output() {
    return this.#lines.join('\n')
  }

  /** Resolves when a line has the text; rejects if the process ends before. */
  async said(text) {
    if (this.output.includes(text)) return
    const line = new Promise((resolve) => this.#waiting.add({ text, resolve }))
    const end = this.exited.then((code) => {
      throw new Error(`ended with ${code} before it said ${text}:\n${this.output}`)
    })
    await Promise.race([line, end])
  }

  /** Sends a signal to process 1, which ignores every signal that it has not asked for. */
  signal(name) {
    const pid = this.#processOne()
    if (pid === undefined) throw new Error(`process 1 is gone:\n${this.output}`)
    process.kill(pid, name)
  }

  /** Ends it, and everything in it, at once. */
  async kill() {
    const pid = this.#processOne()
    if (pid !== undefined) process.kill(pid, 'SIGKILL')
    await this.exited
  }

  /** `unshare` waits for it. Killing that one instead would leave this one running: a change of user cuts their tie. */
  #processOne() {
    const { pid, exitCode, signalCode } = this.#child
    if (exitCode !== null || signalCode !== null) return undefined
    const children = readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8')
    return children === '' ? undefined : Number(children.split(' ')[0])
  }

  #onLine(line) {
    this.#lines.push(line)
    for (const wait of this.#waiting) if (line.includes(wait.text)) wait.resolve()
  }
}

/** Runs the image's HEALTHCHECK and resolves with its exit code. */
export function healthCheck(root, config, more) {
  const [kind, ...command] = config.Healthcheck.Test
  if (kind !== 'CMD') throw new Error(`HEALTHCHECK must be in exec form, got ${kind}`)
  return new Container(root, config, command, more).exited
}

function isolation(root, user, command) {
  return [
    ...['--mount', '--pid', '--fork', `--root=${root}`, '--mount-proc'],
    ...[`--setgid=${user}`, `--setuid=${user}`, '--', ...command],
  ]
}

function environment(config) {
  return Object.fromEntries(
    config.Env.map((entry) => [entry.slice(0, entry.indexOf('=')), entry.slice(entry.indexOf('=') + 1)]),
  )
}
