/** How the answers to a batch are sent: in one document, or each as soon as it is there. */
export type InvokeMode = 'buffered' | 'response_stream'

export interface Settings {
  /** The user's handler, as the function's configuration names it. */
  handler: string
  /** Directory of the user's code. */
  taskRoot: string
  invokeMode: InvokeMode
  /** How many items are handled at once. */
  concurrency: number
}

/** Reads the variables of the layer and those of the wrapper. Throws one error that names every mistake. */
export function readSettings(env: NodeJS.ProcessEnv): Settings {
  const mistakes: string[] = []
  const settings = {
    handler: required(env, 'LPR_HANDLER', mistakes),
    taskRoot: required(env, 'LAMBDA_TASK_ROOT', mistakes),
    invokeMode: readMode(env.LPR_INVOKE_MODE, mistakes),
    concurrency: readConcurrency(env.LPR_MAX_CONCURRENCY, mistakes),
  }
  if (mistakes.length > 0) throw new Error(mistakes.join('; '))
  return settings
}

function required(env: NodeJS.ProcessEnv, name: string, mistakes: string[]): string {
  const value = env[name] ?? ''
  if (value === '')
    mistakes.push(`${name}: expected a value, which the exec wrapper or the runtime sets, got none`)
  return value
}

/** Streaming by default: a router understands records on every route, and nobody waits for the slowest of a batch. */
function readMode(text: string | undefined, mistakes: string[]): InvokeMode {
  if (text === undefined || text === '') return 'response_stream'
  if (text === 'buffered' || text === 'response_stream') return text
  mistakes.push(`LPR_INVOKE_MODE: expected buffered or response_stream, got ${JSON.stringify(text)}`)
  return 'buffered'
}

function readConcurrency(text: string | undefined, mistakes: string[]): number {
  if (text === undefined || text === '') return Number.POSITIVE_INFINITY
  if (/^[1-9]\d{0,8}$/.test(text)) return Number(text)
  mistakes.push(`LPR_MAX_CONCURRENCY: expected a whole number from 1, got ${JSON.stringify(text)}`)
  return 1
}
