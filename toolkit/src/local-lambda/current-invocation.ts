import { randomUUID } from 'node:crypto'
import { FunctionFailure, type ServiceError } from './errors.ts'
import type { Invocation, InvocationRequest } from './invocation.ts'
import { endLines, startLine } from './platform-messages.ts'

/** How an invocation ended. */
export interface InvocationEnd {
  durationMs: number
  /** Missing when the function answered. */
  errorType?: string
}

/** The invocation that an environment has in hand: it is decided once how it ends, and later it is answered once. */
export class CurrentInvocation {
  /** Unique per attempt. */
  readonly id = randomUUID()
  readonly invocation: Invocation
  /** Resolves when the caller has been answered. */
  readonly answered: Promise<void>
  #startedAtMs = performance.now()
  #outcome: { failure: FunctionFailure | ServiceError | undefined; durationMs: number } | undefined
  #resolve: () => void = () => undefined

  constructor(invocation: Invocation) {
    this.invocation = invocation
    this.answered = new Promise((resolve) => {
      this.#resolve = resolve
    })
  }

  get request(): InvocationRequest {
    return this.invocation.request
  }

  get decided(): boolean {
    return this.#outcome !== undefined
  }

  /** The function gets it now: initialisation does not count. */
  start(): void {
    this.#startedAtMs = performance.now()
    this.invocation.log.append(startLine(this.request.requestId))
  }

  /** Decides how it ends; the first decision holds. */
  decide(failure: FunctionFailure | ServiceError | undefined): void {
    this.#outcome ??= { failure, durationMs: performance.now() - this.#startedAtMs }
  }

  /** Answers the caller as decided. */
  answer(memoryMb: number): InvocationEnd {
    if (this.#outcome === undefined) throw new Error('an invocation is answered before its end is decided')
    const { failure, durationMs } = this.#outcome
    const { log, output } = this.invocation
    for (const line of endLines(this.request.requestId, durationMs, memoryMb)) log.append(line)
    output.end(failure)
    this.#resolve()
    const errorType = failure instanceof FunctionFailure ? failure.errorType : failure?.type
    return { durationMs, ...(errorType !== undefined && { errorType }) }
  }
}
