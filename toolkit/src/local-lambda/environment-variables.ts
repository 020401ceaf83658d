import { dirname } from 'node:path'
import type { LocalFunction } from './api.ts'

/** What the variables of an execution environment depend on, beside the function. */
export interface EnvironmentPlace {
  region: string
  /** `host:port` of the environment's Runtime API. */
  runtimeApi: string
  logStreamName: string
}

/**
 * The variables that Lambda sets, then the function's own. The machine's own environment is not passed on, so that
 * nothing works here that would be missing in Lambda.
 * https://docs.aws.amazon.com/lambda/latest/dg/configuration-envvars.html#configuration-envvars-runtime
 */
export function environmentVariables(
  definition: LocalFunction,
  place: EnvironmentPlace,
  runtimeNeeds: Record<string, string> = {},
): Record<string, string> {
  return {
    ...defaults(definition, place),
    ...definition.environment,
    ...runtimeNeeds,
    ...reserved(definition, place),
  }
}

/** Log group of a function. */
export function logGroupName(functionName: string): string {
  return `/aws/lambda/${functionName}`
}

/** What a function, or whoever defines it here, may replace: the region, credentials, paths. */
function defaults(definition: LocalFunction, { region }: EnvironmentPlace): Record<string, string> {
  const major = /^nodejs(\d+)\.x$/.exec(definition.runtime)?.[1]
  const opt = definition.optDir ?? '/opt'
  const layers =
    major === undefined ? [] : [`${opt}/nodejs/node${major}/node_modules`, `${opt}/nodejs/node_modules`]
  return {
    AWS_REGION: region,
    AWS_DEFAULT_REGION: region,
    AWS_ACCESS_KEY_ID: 'local',
    AWS_SECRET_ACCESS_KEY: 'local',
    AWS_SESSION_TOKEN: 'local',
    LANG: 'en_US.UTF-8',
    PATH: [dirname(process.execPath), process.env.PATH ?? '', `${opt}/bin`].filter(Boolean).join(':'),
    TZ: ':UTC',
    ...(layers.length > 0 && { NODE_PATH: layers.join(':') }),
  }
}

/** What identifies the environment; a function's own value would mislead the runtime. */
function reserved(definition: LocalFunction, place: EnvironmentPlace): Record<string, string> {
  return {
    _HANDLER: definition.handler,
    AWS_EXECUTION_ENV: `AWS_Lambda_${definition.runtime}`,
    AWS_LAMBDA_FUNCTION_NAME: definition.name,
    AWS_LAMBDA_FUNCTION_VERSION: '$LATEST',
    AWS_LAMBDA_FUNCTION_MEMORY_SIZE: String(definition.memoryMb),
    AWS_LAMBDA_INITIALIZATION_TYPE: 'on-demand',
    AWS_LAMBDA_LOG_GROUP_NAME: logGroupName(definition.name),
    AWS_LAMBDA_LOG_STREAM_NAME: place.logStreamName,
    AWS_LAMBDA_RUNTIME_API: place.runtimeApi,
    LAMBDA_RUNTIME_DIR: '/var/runtime',
    LAMBDA_TASK_ROOT: definition.codeDir,
    ...(definition.optDir !== undefined && { LPR_OPT_DIR: definition.optDir }),
  }
}
