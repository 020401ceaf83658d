import type { LocalFunction, LocalLambdaEvent, LocalLambdaOptions, RuntimeLauncher } from './api.ts'
import { checkDefinitions } from './definitions.ts'
import { functionArn, type Place } from './function-name.ts'
import { HttpApi } from './http-api.ts'
import { javaLauncher } from './java-launcher.ts'
import { customLauncher, launchCommand, nodeLauncher } from './launcher.ts'
import { FunctionPool } from './pool.ts'
import { pythonLauncher } from './python-launcher.ts'

const DEFAULT_MAX_ENVIRONMENTS = 8

/**
 * A Lambda service on this machine: the real HTTP API towards callers, the real Runtime API towards functions, each
 * function in processes of its own. Departures from Lambda: nothing is frozen between invocations, memory and the
 * 2 MB/s of long streams are not enforced, every version and alias runs the same code, asynchronous invocations are not
 * retried, and the number of environments is limited (`maxEnvironments`).
 */
export class LocalLambda {
  readonly #place: Place
  readonly #options: LocalLambdaOptions
  readonly #launchers: RuntimeLauncher[]
  readonly #pools = new Map<string, FunctionPool>()
  /** Functions that were removed and whose last environments are still ending. */
  readonly #ending = new Set<FunctionPool>()
  #api: HttpApi | undefined
  #stopping: Promise<void> | undefined

  private constructor(options: LocalLambdaOptions) {
    this.#options = options
    this.#place = { region: options.region ?? 'us-east-1', accountId: options.accountId ?? '000000000000' }
    const own = [nodeLauncher(options.nodeRuntimePath), pythonLauncher(), javaLauncher(), customLauncher()]
    this.#launchers = [...(options.launchers ?? []), ...own]
  }

  /** Starts to listen. Rejects with one error that names every mistake in the functions' definitions. */
  static async start(options: LocalLambdaOptions): Promise<LocalLambda> {
    const lambda = new LocalLambda(options)
    lambda.update(options.functions)
    lambda.#api = await HttpApi.start({
      place: lambda.#place,
      host: options.host ?? '127.0.0.1',
      port: options.port ?? 0,
      findPool: (name) => lambda.#pools.get(name),
      onEvent: (event) => lambda.#onEvent(event),
    })
    return lambda
  }

  /** Endpoint for SDKs, for example as `AWS_ENDPOINT_URL_LAMBDA`. */
  get url(): string {
    if (this.#api === undefined) throw new Error('the local Lambda is not listening')
    return this.#api.url
  }

  /** ARN of a function, whether it exists or not. */
  functionArn(name: string): string {
    return functionArn(this.#place, { name })
  }

  /**
   * Takes a new set of functions. Environments of the functions in `changed` (all, when it is left out) and of those whose
   * definition differs are replaced: idle ones end now, busy ones after their invocation. Functions that are no longer in
   * the set are removed. Throws, and changes nothing, when a definition is wrong.
   */
  update(functions: LocalFunction[], changed?: Iterable<string>): void {
    checkDefinitions(functions, this.#launchers)
    if (this.#stopping !== undefined) throw new Error('the local Lambda has been stopped')
    const names = new Set(functions.map(({ name }) => name))
    const restarted = changed === undefined ? names : new Set(changed)
    for (const [name, pool] of this.#pools) if (!names.has(name)) this.#remove(name, pool)
    for (const definition of functions) this.#define(definition, restarted.has(definition.name))
  }

  /** Ends every process. What is in flight is answered with an error. Resolves when all is gone. */
  stop(): Promise<void> {
    this.#stopping ??= this.#stop()
    return this.#stopping
  }

  async #stop(): Promise<void> {
    const closed = this.#api?.stopListening()
    await Promise.all([...this.#pools.values(), ...this.#ending].map((pool) => pool.stop()))
    // Answers have been written by now; a caller gets a moment to read its own before the connection is closed.
    const timer = setTimeout(() => this.#api?.closeConnections(), CLOSE_GRACE_MS)
    await closed
    clearTimeout(timer)
  }

  #define(definition: LocalFunction, restart: boolean): void {
    const pool = this.#pools.get(definition.name)
    if (pool !== undefined) {
      pool.update(definition, restart || !sameDefinition(pool.definition, definition))
      return
    }
    this.#pools.set(
      definition.name,
      new FunctionPool(definition, {
        region: this.#place.region,
        maxEnvironments: this.#options.maxEnvironments ?? DEFAULT_MAX_ENVIRONMENTS,
        launch: (current) => launchCommand(current, this.#launchers),
        onLog: (line) => this.#options.onLog?.(line),
        onEvent: (event) => this.#onEvent(event),
      }),
    )
  }

  #remove(name: string, pool: FunctionPool): void {
    this.#pools.delete(name)
    this.#ending.add(pool)
    void pool.remove(this.functionArn(name)).then(() => this.#ending.delete(pool))
  }

  #onEvent(event: LocalLambdaEvent): void {
    this.#options.onEvent?.(event)
  }
}

const CLOSE_GRACE_MS = 500

function sameDefinition(one: LocalFunction, other: LocalFunction): boolean {
  return JSON.stringify(normal(one)) === JSON.stringify(normal(other))
}

function normal({ environment, ...rest }: LocalFunction): unknown[] {
  return [Object.entries(rest).sort(byKey), Object.entries(environment).sort(byKey)]
}

function byKey([one]: [string, unknown], [other]: [string, unknown]): number {
  return one < other ? -1 : 1
}
