import type { LambdaContext } from 'lpr-lambda-adapter'

/** How long before the invocation's end it is given up to wait, so that its answers still count. */
const MARGIN_MS = 50

const WORK = Symbol('handlers at work')

interface Working extends LambdaContext {
  [WORK]?: Set<Promise<unknown>>
}

/** The context for a batch, by which `track` finds the handlers of that batch. */
export function contextOfBatch(context: LambdaContext): LambdaContext {
  return Object.assign(Object.create(context), { [WORK]: new Set() })
}

/** Notes a handler's work as part of the batch that its context belongs to. `work` must not reject. */
export function track(context: unknown, work: Promise<void>): void {
  ;(context as Working)[WORK]?.add(work)
}

/**
 * Resolves when every handler of the batch has settled: one may have ended its stream and work on, and an environment is
 * frozen when its invocation is over. Handlers that hang are not waited for beyond the invocation's time.
 */
export async function workDone(context: LambdaContext): Promise<void> {
  const leftMs = context.getRemainingTimeInMillis?.() ?? Number.POSITIVE_INFINITY
  let timer: NodeJS.Timeout | undefined
  const late = new Promise<void>((resolve) => {
    // Timers reach no further than 2^31 ms; no invocation does either.
    timer = setTimeout(resolve, Math.min(Math.max(0, leftMs - MARGIN_MS), 2 ** 31 - 1))
  })
  await Promise.race([late, Promise.all((context as Working)[WORK] ?? [])])
  clearTimeout(timer)
}
