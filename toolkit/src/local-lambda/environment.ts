import { randomUUID } from 'node:crypto'
import type { IncomingMessage } from 'node:http'
import type { CommandLine, LocalFunction, LocalLambdaEvent, LogLine } from './api.ts'
import { environmentVariables } from './environment-variables.ts'
import { FunctionFailure, type ServiceError } from './errors.ts'
import { FunctionProcess } from './function-process.ts'
import { forwardResponse, isStreaming } from './function-response.ts'
import type { Invocation } from './invocation.ts'
import { INIT_TIMEOUT_MS } from './limits.ts'
import { endLines, exited, startLine, timedOut, timeoutLine, truncated } from './platform-messages.ts'
import { type NextInvocation, RuntimeApi, type RuntimeHost } from './runtime-api.ts'
import { RuntimeApiError } from './runtime-api-error.ts'

/** How long after its answer a runtime may work on before the answer goes out without waiting for its `/next`. */
const FINISH_GRACE_MS = 100

export interface EnvironmentOptions {
  definition: LocalFunction
  commandLine: CommandLine
  region: string
  hooks: EnvironmentHooks
}

/** What an environment tells its pool. */
export interface EnvironmentHooks {
  /** It can take an invocation. */
  onIdle(environment: Environment): void
  /** It was idle and no longer is, though it has got no invocation: its process is about to end. */
  onAway(environment: Environment): void
  onEnded(environment: Environment): void
  onLog(line: LogLine): void
  onEvent(event: LocalLambdaEvent): void
}

/**
 * - starting: the process initialises.
 * - idle: the runtime waits in `/next`.
 * - running: it has an invocation. responding: its answer arrives. broken: the answer was broken off.
 * - finishing: the answer is complete, `/next` is due.
 * - away: it hung up while idle. failing: it reported that initialisation failed.
 * - ended: the process is gone.
 */
type State =
  | 'starting'
  | 'idle'
  | 'running'
  | 'responding'
  | 'broken'
  | 'finishing'
  | 'away'
  | 'failing'
  | 'ended'

const READY_FOR_NEXT: ReadonlySet<State> = new Set(['starting', 'broken', 'finishing', 'away'])

/** The invocation in hand. `outcome` is set once it is decided how it ends. */
interface Current {
  invocation: Invocation
  invocationId: string
  startedAtMs: number
  outcome?: { failure: FunctionFailure | ServiceError | undefined; durationMs: number }
  done: () => void
}

/** One execution environment: a process, its Runtime API, and at most one invocation at a time. */
export class Environment implements RuntimeHost {
  readonly id = randomUUID().replaceAll('-', '')
  /** Resolves when the process is gone and its port is closed. */
  readonly ended: Promise<void>
  readonly #options: EnvironmentOptions
  readonly #bornAtMs = performance.now()
  #state: State = 'starting'
  #process: FunctionProcess | undefined
  #current: Current | undefined
  #lastRequestId: string | undefined
  #send: ((next: NextInvocation) => void) | undefined
  #response: Promise<void> | undefined
  #deadline: NodeJS.Timeout | undefined
  #grace: NodeJS.Timeout | undefined
  #retired = false
  #killed = false

  /** Starts the environment for a first invocation; `done` of it resolves as that of `run`. */
  constructor(options: EnvironmentOptions) {
    this.#options = options
    this.ended = this.#live()
  }

  /** Runs an invocation, in an idle environment or as the first of a new one. Resolves when it has been answered. */
  run(invocation: Invocation): Promise<void> {
    return new Promise((done) => {
      this.#current = { invocation, invocationId: randomUUID(), startedAtMs: performance.now(), done }
      if (this.#state === 'idle') this.#dispatch(this.#current)
      // As in Lambda, initialisation has ten seconds of its own and may then use up the function's timeout.
      else this.#startDeadline(INIT_TIMEOUT_MS + this.#options.definition.timeoutMs)
    })
  }

  /** Ends the environment, at once or after the invocation in hand. */
  retire(): void {
    this.#retired = true
    if (this.#current === undefined) this.#kill()
  }

  /** Ends the environment at once; the invocation in hand is answered with the error. */
  abort(error: ServiceError): void {
    this.#failAndKill(error)
  }

  next(send: (next: NextInvocation) => void): () => void {
    if (!READY_FOR_NEXT.has(this.#state) || this.#send !== undefined) {
      throw RuntimeApiError.invalidState('next', this.#state)
    }
    if (this.#state === 'broken') this.#decide(truncated())
    if (this.#state === 'starting') this.#reportReady()
    this.#send = send
    // What the function wrote before this call is in its pipe by now, but may not have been read yet.
    setImmediate(() => this.#becomeIdle(send))
    return () => this.#hungUp(send)
  }

  async respond(requestId: string, invocationId: string | undefined, body: IncomingMessage): Promise<void> {
    const current = this.#expect('response', requestId, invocationId)
    const streaming = isStreaming(body)
    this.#state = 'responding'
    this.#response = this.#forward(current, body, streaming)
    await this.#response
  }

  fail(requestId: string, invocationId: string | undefined, failure: FunctionFailure): void {
    this.#expect('error', requestId, invocationId)
    this.#answered(failure)
  }

  initFailed(failure: FunctionFailure): void {
    if (this.#state !== 'starting') throw RuntimeApiError.invalidState('init/error', this.#state)
    this.#state = 'failing'
    this.#decide(failure)
    this.#grace = setTimeout(() => this.#kill(), FINISH_GRACE_MS)
  }

  async #live(): Promise<void> {
    let reason: string
    let api: RuntimeApi | undefined
    try {
      api = await RuntimeApi.start(this)
      reason = this.#killed ? 'stopped' : await this.#runProcess(api.address)
    } catch (error) {
      reason = `cannot start: ${error instanceof Error ? error.message : String(error)}`
    }
    await this.#processEnded(reason)
    await api?.close()
    this.#event({ type: 'environment-ended', reason })
    this.#options.hooks.onEnded(this)
  }

  #runProcess(runtimeApi: string): Promise<string> {
    const { definition, commandLine, region } = this.#options
    const place = { region, runtimeApi, logStreamName: this.id }
    this.#event({ type: 'environment-started' })
    this.#process = new FunctionProcess({
      ...commandLine,
      cwd: definition.codeDir,
      env: environmentVariables(definition, place, commandLine.environment),
      onLine: (stream, text) => this.#onLine(stream, text),
    })
    return this.#process.ended
  }

  async #processEnded(reason: string): Promise<void> {
    clearTimeout(this.#deadline)
    const answering = this.#state === 'responding' && this.#current?.outcome === undefined
    this.#state = 'ended'
    // Its last words may still be on their way through a slow caller's connection.
    if (answering) await this.#response?.catch(() => undefined)
    const requestId = this.#current?.invocation.request.requestId ?? ''
    this.#decide(exited(requestId, reason))
    this.#complete()
  }

  async #forward({ invocation }: Current, body: IncomingMessage, streaming: boolean): Promise<void> {
    try {
      const { failure, refusal } = await forwardResponse(body, streaming, invocation.output)
      this.#answered(failure)
      if (refusal !== undefined) throw refusal
    } catch (error) {
      // Its process may just have ended: what to tell the caller is known when it does, or when it asks for more work.
      if (this.#state === 'responding') this.#state = 'broken'
      throw error
    }
  }

  #expect(call: string, requestId: string, invocationId: string | undefined): Current {
    const current = this.#current
    if (current === undefined || current.invocation.request.requestId !== requestId) {
      throw RuntimeApiError.invalidRequestId(requestId)
    }
    if (this.#state !== 'running') throw RuntimeApiError.invalidState(call, this.#state)
    if (invocationId !== undefined && invocationId !== current.invocationId) {
      throw RuntimeApiError.invalidInvocationId(invocationId)
    }
    return current
  }

  #dispatch(current: Current): void {
    const { definition } = this.#options
    const { request, log } = current.invocation
    const coldStart = this.#lastRequestId === undefined
    this.#state = 'running'
    this.#lastRequestId = request.requestId
    current.startedAtMs = performance.now()
    log.append(startLine(request.requestId))
    this.#event({ type: 'invocation-started', requestId: request.requestId, coldStart })
    this.#startDeadline(definition.timeoutMs)
    const send = this.#send
    this.#send = undefined
    send?.({ request, invocationId: current.invocationId, deadlineMs: Date.now() + definition.timeoutMs })
  }

  #becomeIdle(send: unknown): void {
    if (this.#send !== send || this.#state === 'ended') return
    clearTimeout(this.#deadline)
    const first = this.#state === 'starting' ? this.#current : undefined
    this.#state = 'idle'
    if (first !== undefined) return this.#dispatch(first)
    this.#complete()
    if (this.#retired) this.#kill()
    else this.#options.hooks.onIdle(this)
  }

  #hungUp(send: unknown): void {
    if (this.#send !== send) return
    this.#send = undefined
    if (this.#state !== 'idle') return
    this.#state = 'away'
    this.#options.hooks.onAway(this)
  }

  #answered(failure: FunctionFailure | undefined): void {
    this.#decide(failure)
    if (this.#state === 'ended') return
    this.#state = 'finishing'
    // Answer and release belong together: a caller that comes back at once finds this environment idle.
    this.#grace = setTimeout(() => this.#complete(), FINISH_GRACE_MS)
  }

  #decide(failure: FunctionFailure | ServiceError | undefined): void {
    const current = this.#current
    if (current === undefined || current.outcome !== undefined) return
    current.outcome = { failure, durationMs: performance.now() - current.startedAtMs }
  }

  #complete(): void {
    clearTimeout(this.#grace)
    const current = this.#current
    if (current?.outcome === undefined) return
    this.#current = undefined
    const { invocation, outcome, done } = current
    const { requestId } = invocation.request
    const { durationMs, failure } = outcome
    for (const line of endLines(requestId, durationMs, this.#options.definition.memoryMb)) {
      invocation.log.append(line)
    }
    invocation.output.end(failure)
    const errorType = failure instanceof FunctionFailure ? failure.errorType : failure?.type
    this.#event({
      type: 'invocation-ended',
      requestId,
      durationMs,
      ...(errorType !== undefined && { errorType }),
    })
    done()
  }

  #startDeadline(ms: number): void {
    clearTimeout(this.#deadline)
    this.#deadline = setTimeout(() => this.#timeOut(), ms)
  }

  #timeOut(): void {
    const { timeoutMs } = this.#options.definition
    const requestId = this.#current?.invocation.request.requestId ?? ''
    this.#current?.invocation.log.append(timeoutLine(requestId, timeoutMs))
    this.#failAndKill(timedOut(requestId, timeoutMs))
  }

  #failAndKill(failure: FunctionFailure | ServiceError): void {
    this.#decide(failure)
    this.#kill()
    if (this.#state === 'ended') this.#complete()
  }

  #kill(): void {
    this.#killed = true
    this.#process?.kill()
  }

  #onLine(stream: LogLine['stream'], text: string): void {
    this.#current?.invocation.log.append(text)
    const requestId = this.#lastRequestId
    const { name } = this.#options.definition
    this.#options.hooks.onLog({
      functionName: name,
      ...(requestId !== undefined && { requestId }),
      stream,
      text,
    })
  }

  #reportReady(): void {
    this.#event({ type: 'environment-ready', initDurationMs: performance.now() - this.#bornAtMs })
  }

  #event(event: EnvironmentEvent): void {
    const { definition, hooks } = this.#options
    hooks.onEvent({ ...event, functionName: definition.name, environmentId: this.id })
  }
}

type EnvironmentEvent = LocalLambdaEvent extends infer Event
  ? Event extends { environmentId: string }
    ? Omit<Event, 'functionName' | 'environmentId'>
    : never
  : never
