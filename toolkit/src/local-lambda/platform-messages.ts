import { FunctionFailure } from './errors.ts'

/** Failures and log lines that the platform itself writes, in the wording of Lambda. */

export function timedOut(requestId: string, timeoutMs: number): FunctionFailure {
  return FunctionFailure.of('Sandbox.Timedout', `RequestId: ${requestId} Error: ${timeoutText(timeoutMs)}`)
}

export function timeoutLine(requestId: string, timeoutMs: number): string {
  return `${new Date().toISOString()} ${requestId} ${timeoutText(timeoutMs)}`
}

/** The process ended; `reason` is its exit status, its signal, or why it could not be started. */
export function exited(requestId: string, reason: string): FunctionFailure {
  if (reason.startsWith('cannot start')) {
    return FunctionFailure.of('Runtime.InvalidEntrypoint', `RequestId: ${requestId} Error: ${reason}`)
  }
  const text =
    reason === 'exit status 0'
      ? 'Runtime exited without providing a reason'
      : `Runtime exited with error: ${reason}`
  return FunctionFailure.of('Runtime.ExitError', `RequestId: ${requestId} Error: ${text}`)
}

/** The runtime broke off its answer and went on. */
export function truncated(): FunctionFailure {
  return FunctionFailure.of('Runtime.TruncatedResponse', 'The response was broken off before its end.')
}

export function startLine(requestId: string): string {
  return `START RequestId: ${requestId} Version: $LATEST`
}

export function endLines(requestId: string, durationMs: number, memoryMb: number): string[] {
  const figures = [
    `Duration: ${durationMs.toFixed(2)} ms`,
    `Billed Duration: ${Math.ceil(durationMs)} ms`,
    `Memory Size: ${memoryMb} MB`,
  ]
  return [`END RequestId: ${requestId}`, `REPORT RequestId: ${requestId}\t${figures.join('\t')}`]
}

function timeoutText(timeoutMs: number): string {
  return `Task timed out after ${(timeoutMs / 1000).toFixed(2)} seconds`
}
