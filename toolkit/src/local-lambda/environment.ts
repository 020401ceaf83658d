import { randomUUID } from 'node:crypto'
import type { IncomingMessage } from 'node:http'
import type { LogLine } from './api.ts'
import { CurrentInvocation } from './current-invocation.ts'
import type { EnvironmentEvent, EnvironmentOptions } from './environment-options.ts'
import type { FunctionFailure, ServiceError } from './errors.ts'
import { forwardResponse, isStreaming } from './function-response.ts'
import type { Invocation } from './invocation.ts'
import { INIT_TIMEOUT_MS } from './limits.ts'
import { exited, timedOut, timeoutLine, truncated } from './platform-messages.ts'
import type { NextInvocation, RuntimeHost } from './runtime-api.ts'
import { RuntimeApiError } from './runtime-api-error.ts'
import { Sandbox } from './sandbox.ts'

/** How long after its answer a runtime may work on before the answer goes out without waiting for its `/next`. */
const FINISH_GRACE_MS = 1000

/**
 * - starting: the process initialises. failing: it reported that initialisation failed.
 * - idle: the runtime waits in `/next`. away: it hung up there.
 * - running: it has an invocation. responding: its answer arrives. broken: the answer was broken off.
 * - finishing: the answer is complete, `/next` is due.
 * - ended: the process is gone.
 */
type State =
  | 'starting'
  | 'failing'
  | 'idle'
  | 'away'
  | 'running'
  | 'responding'
  | 'broken'
  | 'finishing'
  | 'ended'

const READY_FOR_NEXT: ReadonlySet<State> = new Set(['starting', 'away', 'broken', 'finishing'])

/** One execution environment: a process, its Runtime API, and at most one invocation at a time. */
export class Environment implements RuntimeHost {
  readonly id = randomUUID().replaceAll('-', '')
  /** Resolves when the process is gone and its port is closed. */
  readonly ended: Promise<void>
  readonly #options: EnvironmentOptions
  readonly #bornAtMs = performance.now()
  readonly #sandbox: Sandbox
  #state: State = 'starting'
  #current: CurrentInvocation | undefined
  #lastRequestId: string | undefined
  #send: ((next: NextInvocation) => void) | undefined
  #response: Promise<void> | undefined
  #deadline: NodeJS.Timeout | undefined
  #grace: NodeJS.Timeout | undefined
  #retired = false

  /** Starts the process. `run` is to follow at once, with the invocation that made it necessary. */
  constructor(options: EnvironmentOptions) {
    this.#options = options
    this.#event({ type: 'environment-started' })
    this.#sandbox = new Sandbox({
      ...options,
      logStreamName: this.id,
      host: this,
      onLine: (stream, text) => this.#onLine(stream, text),
      onExit: (reason) => this.#processEnded(reason),
    })
    this.ended = this.#sandbox.ended.then((reason) => {
      this.#event({ type: 'environment-ended', reason })
      options.hooks.onEnded(this)
    })
  }

  /** Runs an invocation, in an idle environment or as the first of a new one. Resolves when it has been answered. */
  run(invocation: Invocation): Promise<void> {
    const current = new CurrentInvocation(invocation)
    this.#current = current
    if (this.#state === 'idle') this.#dispatch(current)
    // As in Lambda, initialisation has ten seconds of its own and may then use up the function's timeout.
    else this.#startDeadline(INIT_TIMEOUT_MS + this.#options.definition.timeoutMs)
    return current.answered
  }

  /** Ends the environment, at once or after the invocation in hand. */
  retire(): void {
    this.#retired = true
    if (this.#current === undefined) this.#sandbox.kill()
  }

  /** Ends the environment at once; the invocation in hand is answered with the error. */
  abort(error: ServiceError): void {
    this.#failAndKill(error)
  }

  next(send: (next: NextInvocation) => void): () => void {
    if (!READY_FOR_NEXT.has(this.#state) || this.#send !== undefined) {
      throw RuntimeApiError.invalidState('next', this.#state)
    }
    if (this.#state === 'broken') this.#current?.decide(truncated())
    if (this.#state === 'starting') this.#reportReady()
    this.#send = send
    // What the function wrote before this call is in its pipe by now, but may not have been read yet.
    setImmediate(() => this.#becomeIdle(send))
    return () => this.#hungUp(send)
  }

  async respond(requestId: string, invocationId: string | undefined, body: IncomingMessage): Promise<void> {
    const current = this.#expect('response', requestId, invocationId)
    const streaming = isStreaming(body, current.invocation.output)
    this.#state = 'responding'
    this.#response = this.#forward(current, body, streaming)
    await this.#response
  }

  fail(requestId: string, invocationId: string | undefined, failure: FunctionFailure): void {
    this.#answered(this.#expect('error', requestId, invocationId), failure)
  }

  initFailed(failure: FunctionFailure): void {
    if (this.#state !== 'starting') throw RuntimeApiError.invalidState('init/error', this.#state)
    this.#state = 'failing'
    this.#current?.decide(failure)
    this.#grace = setTimeout(() => this.#sandbox.kill(), FINISH_GRACE_MS)
  }

  async #processEnded(reason: string): Promise<void> {
    clearTimeout(this.#deadline)
    const current = this.#current
    const answering = this.#state === 'responding' && current?.decided === false
    this.#state = 'ended'
    // Its last words may still be on their way through a slow caller's connection.
    if (answering) await this.#response?.catch(() => undefined)
    current?.decide(exited(current.request.requestId, reason))
    this.#complete()
  }

  async #forward(current: CurrentInvocation, body: IncomingMessage, streaming: boolean): Promise<void> {
    try {
      const { failure, refusal } = await forwardResponse(body, streaming, current.invocation.output)
      this.#answered(current, failure)
      if (refusal !== undefined) throw refusal
    } catch (error) {
      // Its process may just have ended: what to tell the caller is known when it does, or when it asks for more work.
      if (this.#state === 'responding') this.#state = 'broken'
      throw error
    }
  }

  #expect(call: string, requestId: string, invocationId: string | undefined): CurrentInvocation {
    const current = this.#current
    if (current?.request.requestId !== requestId) throw RuntimeApiError.invalidRequestId(requestId)
    if (this.#state !== 'running') throw RuntimeApiError.invalidState(call, this.#state)
    if (invocationId !== undefined && invocationId !== current.id) {
      throw RuntimeApiError.invalidInvocationId(invocationId)
    }
    return current
  }

  #dispatch(current: CurrentInvocation): void {
    const { timeoutMs } = this.#options.definition
    const { request } = current
    const coldStart = this.#lastRequestId === undefined
    this.#state = 'running'
    this.#lastRequestId = request.requestId
    current.start()
    this.#event({ type: 'invocation-started', requestId: request.requestId, coldStart })
    this.#startDeadline(timeoutMs)
    const send = this.#send
    this.#send = undefined
    send?.({ request, invocationId: current.id, deadlineMs: Date.now() + timeoutMs })
  }

  #becomeIdle(send: unknown): void {
    if (this.#send !== send || this.#state === 'ended') return
    clearTimeout(this.#deadline)
    const first = this.#state === 'starting' ? this.#current : undefined
    this.#state = 'idle'
    if (first !== undefined) this.#dispatch(first)
    else {
      this.#complete()
      if (this.#retired) this.#sandbox.kill()
      else this.#options.hooks.onIdle(this)
    }
  }

  #hungUp(send: unknown): void {
    if (this.#send !== send) return
    this.#send = undefined
    if (this.#state !== 'idle') return
    this.#state = 'away'
    this.#options.hooks.onAway(this)
  }

  #answered(current: CurrentInvocation, failure: FunctionFailure | undefined): void {
    current.decide(failure)
    if (this.#state === 'ended') return
    this.#state = 'finishing'
    // Answer and release belong together: a caller that comes back at once finds this environment idle.
    this.#grace = setTimeout(() => this.#complete(), FINISH_GRACE_MS)
  }

  #complete(): void {
    clearTimeout(this.#grace)
    const current = this.#current
    if (current?.decided !== true) return
    this.#current = undefined
    const { requestId } = current.request
    this.#event({ type: 'invocation-ended', requestId, ...current.answer(this.#options.definition.memoryMb) })
  }

  #startDeadline(ms: number): void {
    clearTimeout(this.#deadline)
    this.#deadline = setTimeout(() => this.#timeOut(), ms)
  }

  #timeOut(): void {
    const { timeoutMs } = this.#options.definition
    const requestId = this.#current?.request.requestId ?? ''
    this.#current?.invocation.log.append(timeoutLine(requestId, timeoutMs))
    this.#failAndKill(timedOut(requestId, timeoutMs))
  }

  /** The caller is told when the process is gone: the next invocation must not meet it. */
  #failAndKill(failure: FunctionFailure | ServiceError): void {
    this.#current?.decide(failure)
    this.#sandbox.kill()
    if (this.#state === 'ended') this.#complete()
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
