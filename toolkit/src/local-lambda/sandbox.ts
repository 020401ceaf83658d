import type { CommandLine, LocalFunction, LogLine } from './api.ts'
import { environmentVariables } from './environment-variables.ts'
import { FunctionProcess } from './function-process.ts'
import { RuntimeApi, type RuntimeHost } from './runtime-api.ts'

export interface SandboxOptions {
  definition: LocalFunction
  /** Throws when there is nothing to start. */
  commandLine: () => CommandLine
  region: string
  logStreamName: string
  /** Answers the calls of the Runtime API. */
  host: RuntimeHost
  onLine: (stream: LogLine['stream'], text: string) => void
  /** The process is gone; resolves when its last words have been dealt with, and the Runtime API may close. */
  onExit: (reason: string) => Promise<void>
}

/** The process of an execution environment together with its Runtime API. */
export class Sandbox {
  /** Resolves with the reason when the process is gone and its port is closed. */
  readonly ended: Promise<string>
  readonly #options: SandboxOptions
  #process: FunctionProcess | undefined
  #killed = false

  constructor(options: SandboxOptions) {
    this.#options = options
    this.ended = this.#live()
  }

  kill(): void {
    this.#killed = true
    this.#process?.kill()
  }

  async #live(): Promise<string> {
    let reason: string
    let api: RuntimeApi | undefined
    try {
      api = await RuntimeApi.start(this.#options.host)
      reason = this.#killed ? 'stopped' : await this.#runProcess(api.address)
    } catch (error) {
      reason = `cannot start: ${error instanceof Error ? error.message : String(error)}`
    }
    await this.#options.onExit(reason)
    await api?.close()
    return reason
  }

  #runProcess(runtimeApi: string): Promise<string> {
    const { definition, region, logStreamName, onLine } = this.#options
    const commandLine = this.#options.commandLine()
    const place = { region, runtimeApi, logStreamName }
    this.#process = new FunctionProcess({
      ...commandLine,
      cwd: definition.codeDir,
      env: environmentVariables(definition, place, commandLine.environment),
      onLine,
    })
    return this.#process.ended
  }
}
