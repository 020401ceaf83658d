import type { CommandLine, LocalFunction, LocalLambdaEvent, LogLine } from './api.ts'
import { Environment } from './environment.ts'
import { functionNotFound, type ServiceError, stopped, throttled } from './errors.ts'
import type { Invocation } from './invocation.ts'

export interface PoolOptions {
  region: string
  maxEnvironments: number
  /** Throws when the runtime is not supported, or the function has nothing to start. */
  launch: (definition: LocalFunction) => CommandLine
  onLog: (line: LogLine) => void
  onEvent: (event: LocalLambdaEvent) => void
}

interface Waiter {
  invocation: Invocation
  timer: NodeJS.Timeout
  resolve: (done: Promise<void>) => void
  reject: (error: ServiceError) => void
}

/** The execution environments of one function, and the invocations that wait for one. */
export class FunctionPool {
  readonly #options: PoolOptions
  #definition: LocalFunction
  readonly #environments = new Set<Environment>()
  /** Most recently used last; that one is used next, so that the others can be told to be unused. */
  readonly #idle: Environment[] = []
  readonly #waiting: Waiter[] = []
  #inFlight = 0
  #closedWith: ServiceError | undefined

  constructor(definition: LocalFunction, options: PoolOptions) {
    this.#definition = definition
    this.#options = options
  }

  get definition(): LocalFunction {
    return this.#definition
  }

  /**
   * Runs an invocation; resolves when it has been answered. Rejects with a `ServiceError` when it was never begun: when it
   * is throttled, or when the function goes away while it waits. `mayThrottle` is false for asynchronous invocations,
   * which wait instead.
   */
  async invoke(invocation: Invocation, mayThrottle: boolean): Promise<void> {
    if (this.#closedWith !== undefined) throw this.#closedWith
    const { reservedConcurrency } = this.#definition
    const full = reservedConcurrency !== undefined && this.#inFlight >= reservedConcurrency
    if (reservedConcurrency === 0 || (full && mayThrottle)) {
      throw throttled('ReservedFunctionConcurrentInvocationLimitExceeded')
    }
    this.#inFlight += 1
    try {
      await (this.#assign(invocation) ?? this.#wait(invocation, mayThrottle))
    } finally {
      this.#inFlight -= 1
      this.#serveWaiting()
    }
  }

  /** Takes a new definition. With `restart`, environments of the old code end: idle ones now, busy ones when free. */
  update(definition: LocalFunction, restart: boolean): void {
    this.#definition = definition
    if (!restart) return
    this.#idle.length = 0
    for (const environment of this.#environments) environment.retire()
  }

  /** Removes the function: who waits is told that it does not exist, who runs may finish. */
  async remove(arn: string): Promise<void> {
    this.#close(functionNotFound(arn))
    for (const environment of this.#environments) environment.retire()
    await this.#allEnded()
  }

  /** Ends every process; whatever is in flight is answered with an error. */
  async stop(): Promise<void> {
    this.#close(stopped())
    for (const environment of this.#environments) environment.abort(stopped())
    await this.#allEnded()
  }

  #close(error: ServiceError): void {
    this.#closedWith = error
    this.#idle.length = 0
    for (const { timer, reject } of this.#waiting.splice(0)) {
      clearTimeout(timer)
      reject(error)
    }
  }

  async #allEnded(): Promise<void> {
    await Promise.all([...this.#environments].map(({ ended }) => ended))
  }

  /** Undefined when there is neither an idle environment nor room for another. */
  #assign(invocation: Invocation): Promise<void> | undefined {
    const limit = Math.min(this.#options.maxEnvironments, this.#definition.reservedConcurrency ?? Infinity)
    const idle = this.#idle.pop()
    if (idle !== undefined) return idle.run(invocation)
    if (this.#environments.size >= limit) return undefined
    return this.#startEnvironment().run(invocation)
  }

  #wait(invocation: Invocation, mayThrottle: boolean): Promise<void> {
    return new Promise((resolve, reject) => {
      const waiter: Waiter = {
        invocation,
        resolve,
        reject,
        timer: setTimeout(giveUp, this.#definition.timeoutMs),
      }
      const waiting = this.#waiting
      function giveUp() {
        if (!mayThrottle) return
        waiting.splice(waiting.indexOf(waiter), 1)
        reject(throttled('ConcurrentInvocationLimitExceeded'))
      }
      waiting.push(waiter)
    })
  }

  #serveWaiting(): void {
    let next = this.#waiting[0]
    while (next !== undefined && this.#closedWith === undefined) {
      const done = this.#assign(next.invocation)
      if (done === undefined) return
      clearTimeout(next.timer)
      this.#waiting.shift()
      next.resolve(done)
      next = this.#waiting[0]
    }
  }

  #startEnvironment(): Environment {
    const { launch, onLog, onEvent, region } = this.#options
    const definition = this.#definition
    const environment = new Environment({
      definition,
      commandLine: () => launch(definition),
      region,
      hooks: {
        onLog,
        onEvent,
        onIdle: (idle) => this.#free(idle),
        onAway: (away) => this.#forget(away),
        onEnded: (ended) => {
          this.#forget(ended)
          this.#environments.delete(ended)
          this.#serveWaiting()
        },
      },
    })
    this.#environments.add(environment)
    return environment
  }

  #free(environment: Environment): void {
    this.#idle.push(environment)
    this.#serveWaiting()
  }

  #forget(environment: Environment): void {
    const at = this.#idle.indexOf(environment)
    if (at >= 0) this.#idle.splice(at, 1)
  }
}
