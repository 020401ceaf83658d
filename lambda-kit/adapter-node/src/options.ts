import type { ResponseStream } from './types.ts'

/** Options as they come from JavaScript, where types hold nobody back. */
interface Given {
  concurrency?: unknown
  onError?: unknown
  interleaved?: unknown
  streamifyResponse?: unknown
}

interface AwsLambda {
  streamifyResponse?: unknown
  HttpResponseStream?: { from(stream: ResponseStream, prelude: object): ResponseStream }
}

/** The global that the managed Node.js runtime provides; undefined elsewhere. */
export function awsLambdaGlobal(): AwsLambda | undefined {
  return (globalThis as { awslambda?: AwsLambda }).awslambda
}

/** Throws one TypeError that names every mistake. `who` is the public function that was called. */
export function checkArguments(who: string, handler: unknown, options: Given | null | undefined): void {
  throwIfAny(who, [...handlerMistakes(handler), ...commonMistakes(options ?? {})])
}

/** As `checkArguments`, with the options only streaming has. */
export function checkStreamArguments(who: string, handler: unknown, options: Given | null | undefined): void {
  const given = options ?? {}
  throwIfAny(who, [...handlerMistakes(handler), ...commonMistakes(given), ...streamMistakes(given)])
}

function throwIfAny(who: string, mistakes: string[]): void {
  if (mistakes.length > 0) throw new TypeError(`${who}: ${mistakes.join('; ')}`)
}

function handlerMistakes(handler: unknown): string[] {
  return typeof handler === 'function' ? [] : [`handler: expected a function, got ${describe(handler)}`]
}

function commonMistakes({ concurrency, onError }: Given): string[] {
  const mistakes: string[] = []
  if (!isConcurrency(concurrency ?? 1)) {
    mistakes.push(
      `options.concurrency: expected a whole number from 1, or Infinity, got ${describe(concurrency)}`,
    )
  }
  if (typeof (onError ?? (() => {})) !== 'function') {
    mistakes.push(`options.onError: expected a function, got ${describe(onError)}`)
  }
  return mistakes
}

function streamMistakes({ interleaved, streamifyResponse }: Given): string[] {
  const mistakes: string[] = []
  if (typeof (interleaved ?? false) !== 'boolean') {
    mistakes.push(`options.interleaved: expected true or false, got ${describe(interleaved)}`)
  }
  if (typeof (streamifyResponse ?? awsLambdaGlobal()?.streamifyResponse) !== 'function') {
    const got = streamifyResponse === undefined ? 'neither' : describe(streamifyResponse)
    mistakes.push(
      `options.streamifyResponse: expected a function, or the global awslambda.streamifyResponse of the Node.js Lambda runtime, got ${got}`,
    )
  }
  return mistakes
}

function isConcurrency(value: unknown): boolean {
  return value === Number.POSITIVE_INFINITY || (Number.isSafeInteger(value) && Number(value) >= 1)
}

function describe(value: unknown): string {
  if (typeof value === 'string') return JSON.stringify(value)
  if (typeof value === 'function') return 'a function'
  if (Array.isArray(value)) return 'an array'
  return typeof value === 'object' && value !== null ? 'an object' : String(value)
}
