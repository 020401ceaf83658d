import { isObject } from '@lpr/contract'
import { expand } from './expand.ts'
import { oneLine } from './problems.ts'
import type { Defaults } from './router.ts'
import type { JsonObject } from './template.ts'

/** What CloudFormation sends to a macro. https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/template-macros.html */
export interface MacroEvent {
  requestId: string
  /** The whole template, less its `Transform` section. */
  fragment: unknown
  templateParameterValues?: unknown
  [other: string]: unknown
}

export interface MacroAnswer {
  requestId: string
  status: 'success' | 'failed'
  /** The expanded template, or the one that came if there are mistakes in it. */
  fragment: unknown
  /** All mistakes, in one line: the only thing that the user of a stack gets to see. */
  errorMessage?: string
}

/** The Lambda function behind the macro `LprRouter`. Never throws: CloudFormation would hide the message. */
export async function handler(event: MacroEvent): Promise<MacroAnswer> {
  const answer = answerTo(event)
  // Templates and parameter values may hold secrets, so neither they nor messages that quote them are logged.
  console.log(
    JSON.stringify({ level: 'info', message: `template ${answer.status}`, requestId: answer.requestId }),
  )
  return answer
}

function answerTo(event: MacroEvent): MacroAnswer {
  const { requestId, fragment, templateParameterValues } = event ?? {}
  const failed = (errorMessage: string): MacroAnswer => ({
    requestId,
    status: 'failed',
    fragment,
    errorMessage,
  })
  if (!isObject(fragment)) return failed('LprRouter expects the fragment to be a template')
  try {
    const values = isObject(templateParameterValues) ? templateParameterValues : {}
    const result = expand(fragment, values, defaultsFrom(process.env))
    if ('problems' in result) return failed(oneLine(result.problems))
    return { requestId, status: 'success', fragment: result.fragment }
  } catch (error) {
    console.error(
      JSON.stringify({ level: 'error', message: 'macro crashed', requestId, stack: stackOf(error) }),
    )
    return failed('LprRouter failed by a fault of its own, its log has the stack of the error')
  }
}

function defaultsFrom(environment: JsonObject): Defaults {
  const text = (name: string) => String(environment[name] ?? '').trim()
  return {
    imageIdentifier: text('LPR_DEFAULT_ROUTER_IMAGE_IDENTIFIER'),
    computePlatform: text('LPR_DEFAULT_COMPUTE_PLATFORM') || 'APP_RUNNER',
  }
}

/** Where it happened, without the message, which may quote the template. */
function stackOf(error: unknown): string {
  if (!(error instanceof Error)) return typeof error
  const frames = error.stack?.split('\n').filter((line) => line.trimStart().startsWith('at ')) ?? []
  return [error.name, ...frames].join('\n')
}
