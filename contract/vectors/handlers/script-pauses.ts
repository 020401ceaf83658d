/** One step of a script; its key says what to do. */
export type Step = Record<string, unknown>

/** The part of an item's context that scripts can ask for. */
export interface ScriptContext {
  awsRequestId?: string
  functionName?: string
  getRemainingTimeInMillis?(): number
  signal?: {
    readonly aborted: boolean
    addEventListener(type: 'abort', listener: () => void, options: { once: boolean }): void
  }
}

/** What a script can see and wait for. */
export interface Scope {
  event: unknown
  context: ScriptContext
  waitFor(state: { running?: number; finished?: number }): Promise<void>
}

/** The steps that only take time; streams have them too, with a `$` before the name. */
export async function pause(step: Step, scope: Scope): Promise<void> {
  if ('delayMs' in step) await new Promise((resolve) => setTimeout(resolve, Number(step.delayMs)))
  else if ('untilRunning' in step) await scope.waitFor({ running: Number(step.untilRunning) })
  else if ('untilFinished' in step) await scope.waitFor({ finished: Number(step.untilFinished) })
  else if ('untilCancelled' in step) await cancelled(scope.context)
  else if ('hang' in step) await new Promise(() => {})
  else throw new Error(`script: unknown step ${Object.keys(step).join(', ')}`)
}

function cancelled({ signal }: ScriptContext): Promise<void> {
  return new Promise((resolve) => {
    if (signal === undefined || signal.aborted) resolve()
    else signal.addEventListener('abort', () => resolve(), { once: true })
  })
}
