import { type ChildProcess, fork } from 'node:child_process'
import { type CpuTime, cpuTime } from './usage.ts'

/** A process of the benchmark's own that answers one message with one. */
export class Helper<Message extends object, Reply extends object> {
  readonly #child: ChildProcess
  /** The first thing that it says without being asked. */
  readonly greeting: Promise<Reply>

  constructor(file: string, args: string[] = [], execArgv: string[] = []) {
    this.#child = fork(file, args, { stdio: ['ignore', 'inherit', 'inherit', 'ipc'], execArgv })
    this.greeting = this.#next()
    // Whoever does not wait for a greeting must not die of its absence.
    this.greeting.catch(() => undefined)
  }

  get cpuTime(): CpuTime {
    return cpuTime(this.#child.pid ?? 0)
  }

  async ask(message: Message): Promise<Reply> {
    const reply = this.#next()
    this.#child.send(message)
    return reply
  }

  stop(): void {
    if (this.#child.connected) this.#child.disconnect()
  }

  #next(): Promise<Reply> {
    return new Promise((resolve, reject) => {
      const onExit = (code: number | null): void => {
        reject(new Error(`a process of the benchmark ended with ${code}`))
      }
      this.#child.once('exit', onExit)
      this.#child.once('message', (reply) => {
        this.#child.off('exit', onExit)
        resolve(reply as Reply)
      })
    })
  }
}
