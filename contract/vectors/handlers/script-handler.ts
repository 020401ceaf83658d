/**
 * The script handler: a Lambda handler that does what a script in its own event says. Any adapter that wraps it can be
 * tested with the vectors of this folder, in this process or over the Invoke API. README.md describes the language.
 */
import { pause, type Scope, type ScriptContext, type Step } from './script-pauses.ts'
import { evaluate } from './script-values.ts'

/** Header of an item that carries its script, as JSON in ASCII. */
export const SCRIPT_HEADER = 'x-lpr-script'

/** Header of an item that says which run it belongs to; the handlers of one run may wait for each other. */
export const RUN_HEADER = 'x-lpr-run'

/** What is left of a run for whoever started it in this process. */
export interface Run {
  /** Most handlers that were at work at the same time. */
  peak: number
  /** Ids of the items in the order in which their handlers were started. */
  handled: string[]
  running: number
  finished: number
  /** Called, once each, whenever one of the numbers changes. */
  waiting: Set<() => void>
}

let current: { name: string; run: Run } | undefined

/** The run of that name; asking for another one forgets it. */
export function runOf(name: string): Run {
  if (current?.name !== name) {
    current = { name, run: { peak: 0, handled: [], running: 0, finished: 0, waiting: new Set() } }
  }
  return current.run
}

/** Does what the event's script says. Rejects with an error that says so if there is no script. */
export async function scriptHandler(event: unknown, context: ScriptContext): Promise<unknown> {
  const { script, run } = readEvent(event)
  run.handled.push(String(context.awsRequestId))
  run.running += 1
  run.peak = Math.max(run.peak, run.running)
  changed(run)
  try {
    return await perform(script, { event, context, waitFor: (state) => waitFor(run, state) })
  } finally {
    run.running -= 1
    run.finished += 1
    changed(run)
  }
}

/** Does the steps one after another, and returns what the first `return` says. */
export async function perform(script: Step[], scope: Scope): Promise<unknown> {
  for (const step of script) {
    if ('return' in step) return evaluate(step.return, scope)
    if ('throw' in step) throw new Error(String(step.throw))
    if ('throwValue' in step) throw evaluate(step.throwValue, scope)
    await pause(step, scope)
  }
  return undefined
}

function readEvent(event: unknown): { script: Step[]; run: Run } {
  const headers = (event as { headers?: Record<string, unknown> } | null)?.headers ?? {}
  const script = headers[SCRIPT_HEADER]
  if (typeof script !== 'string') throw new Error(`script: expected it in the header ${SCRIPT_HEADER}`)
  return { script: JSON.parse(script), run: runOf(String(headers[RUN_HEADER])) }
}

/** Peaks stay, so whoever comes late has not missed the moment. */
async function waitFor(run: Run, { running = 0, finished = 0 }: { running?: number; finished?: number }) {
  while (run.peak < running || run.finished < finished) {
    await new Promise<void>((resolve) => run.waiting.add(resolve))
  }
}

function changed(run: Run): void {
  for (const wake of run.waiting) wake()
  run.waiting.clear()
}
