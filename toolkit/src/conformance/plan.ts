import { FEATURES, type Feature, MODES, type Mode } from '@lpr/contract/vectors'
import type { CommandLine } from '../cli.ts'
import { UsageError } from '../errors.ts'

/** What to test: by mode, the name of a function or the command that starts one. */
export interface ConformancePlan {
  kind: 'function' | 'command'
  subjects: Partial<Record<Mode, string>>
  /** What the function's language and its adapter have. */
  features: Feature[]
  endpoint?: string | undefined
  region?: string | undefined
}

/** The plan of a command line. Throws a UsageError that says what is wrong with it. */
export function planOf(line: CommandLine, environment: NodeJS.ProcessEnv): ConformancePlan {
  const kind = line.function ? 'function' : 'command'
  if ((line.function === undefined) === (line.command === undefined)) {
    throw new UsageError('lpr conformance needs either --function NAME or --command COMMAND')
  }
  if (line.endpoint !== undefined && kind === 'command')
    throw new UsageError('--endpoint goes with --function')
  const subjects = subjectsOf(kind, line[kind] ?? [], line.modes)
  const lacks = listOption('--lacks', line.lacks, FEATURES)
  return {
    kind,
    subjects,
    features: FEATURES.filter((feature) => !lacks.includes(feature)),
    endpoint: endpointOf(line.endpoint ?? environment.AWS_ENDPOINT_URL_LAMBDA),
    region: line.region ?? environment.AWS_REGION ?? environment.AWS_DEFAULT_REGION ?? regionIn(subjects),
  }
}

/** `MODE=NAME` is for that mode; without a mode it is for those of `--modes`. */
function subjectsOf(kind: string, values: string[], modes: string | undefined): ConformancePlan['subjects'] {
  const subjects: ConformancePlan['subjects'] = {}
  const plain = modes === undefined ? (['buffered'] as const) : listOption('--modes', modes, MODES)
  for (const value of values) {
    const own = MODES.find((mode) => value.startsWith(`${mode}=`))
    const name = own ? value.slice(own.length + 1) : value
    if (name.trim() === '') throw new UsageError(`--${kind} expects a name, got ${JSON.stringify(value)}`)
    for (const mode of own ? [own] : plain) {
      if (subjects[mode] !== undefined) throw new UsageError(`--${kind}: the mode ${mode} is given twice`)
      subjects[mode] = name
    }
  }
  const missing = modes === undefined ? [] : plain.filter((mode) => subjects[mode] === undefined)
  if (missing.length > 0) throw new UsageError(`--modes: no --${kind} for ${missing.join(', ')}`)
  return subjects
}

function listOption<Known extends string>(
  option: string,
  text: string | undefined,
  known: readonly Known[],
): Known[] {
  const names = text === undefined ? [] : text.split(',').map((name) => name.trim())
  const wrong = names.filter((name) => !known.some((one) => one === name))
  if (wrong.length === 0) return known.filter((name) => names.includes(name))
  throw new UsageError(`${option} expects some of ${known.join(', ')}; got ${wrong.join(', ')}`)
}

function endpointOf(text: string | undefined): string | undefined {
  if (text === undefined || text === '') return undefined
  if (URL.canParse(text) && /^https?:/.test(text)) return text
  throw new UsageError(`--endpoint expects a URL, got ${JSON.stringify(text)}`)
}

/** A function given by its ARN is in the region that it names. */
function regionIn(subjects: ConformancePlan['subjects']): string | undefined {
  return Object.values(subjects)
    .map((name) => /^arn:[^:]+:lambda:([^:]+):/.exec(name)?.[1])
    .find((region) => region !== undefined)
}
