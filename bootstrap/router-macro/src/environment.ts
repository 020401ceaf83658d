import { isIntrinsic, isObject } from '@lpr/contract'
import { isAbsent, listEntry, mapBranches, NO_VALUE, withDefault } from './intrinsics.ts'
import { checkObservability, HEADERS_SECRET, observabilityVariables, openTelemetry } from './observability.ts'
import type { Report } from './problems.ts'
import { ids, type Router, section } from './router.ts'
import { getAtt, type JsonObject } from './template.ts'

const CONFIG_URI = 'LPR_CONFIG_URI'
const SECRET_ARN = /^\s*arn:aws[a-z-]*:(secretsmanager|ssm):/

/** `[{Name, Value}]`: the user's variables, then those of the macro that the user has not set. */
export function plainVariables(router: Router): unknown[] {
  const own = ownVariables(router)
  const secrets = secretVariables(router)
  const given = section(router.properties, 'Environment')
  const user = Object.entries(given).map(([name, value]) => [name, withDefault(value, own[name])] as const)
  const rest = Object.entries(own)
    .filter(([name]) => !Object.hasOwn(given, name))
    .map(([name, value]) => [name, unlessSecret(value, secrets[name])] as const)
  return [...user, ...rest].flatMap(([name, value]) => variable(name, value, 'Value'))
}

/** The secret variables in the platform's spelling: App Runner says `Value`, ECS says `ValueFrom`. */
export function secretEntries(router: Router, key: 'Value' | 'ValueFrom'): unknown[] {
  return Object.entries(secretVariables(router)).flatMap(([name, value]) => variable(name, value, key))
}

/** Name to ARN of every secret that becomes a variable. */
export function secretVariables(router: Router): JsonObject {
  const { HeadersSecretArn } = openTelemetry(router)
  const headers = HeadersSecretArn === undefined ? {} : { [HEADERS_SECRET]: HeadersSecretArn }
  return { ...section(router.properties, 'EnvironmentSecrets'), ...headers }
}

/** Reports names and values that cannot be variables, and names that are set twice. */
export function checkEnvironment(view: JsonObject, report: Report): void {
  const plain = section(view, 'Environment')
  const secret = section(view, 'EnvironmentSecrets')
  for (const [name, value] of Object.entries(plain)) {
    checkName(name, `Environment.${name}`, report)
    if (typeof value !== 'string' && !isIntrinsic(value)) report(`Environment.${name}`, notText(value))
  }
  for (const [name, value] of Object.entries(secret)) {
    checkName(name, `EnvironmentSecrets.${name}`, report)
    // The value is not shown: it may be the secret itself, put here by mistake.
    if (!isIntrinsic(value) && !(typeof value === 'string' && SECRET_ARN.test(value)))
      report(`EnvironmentSecrets.${name}`, 'must be the ARN of a Secrets Manager secret or an SSM parameter')
    if (Object.hasOwn(plain, name)) report(`EnvironmentSecrets.${name}`, 'is in Environment too')
  }
  checkObservability(view, report)
  checkHeadersSecret(view, plain, secret, report)
}

function checkHeadersSecret(view: JsonObject, plain: JsonObject, secret: JsonObject, report: Report): void {
  const otel = section(section(view, 'ObservabilityConfiguration'), 'OpentelemetryConfiguration')
  const arn = otel.HeadersSecretArn
  if (arn === undefined) return
  const path = 'ObservabilityConfiguration.OpentelemetryConfiguration.HeadersSecretArn'
  if (Object.hasOwn(plain, HEADERS_SECRET))
    report(path, `becomes ${HEADERS_SECRET}, which is in Environment too`)
  const other = secret[HEADERS_SECRET]
  if (other !== undefined && JSON.stringify(other) !== JSON.stringify(arn))
    report(path, `becomes ${HEADERS_SECRET}, which is another secret in EnvironmentSecrets`)
}

function checkName(name: string, path: string, report: Report): void {
  if (name === CONFIG_URI) report(path, 'is set by the macro')
  // App Runner sets PORT, and keeps names that begin with AWSAPPRUNNER for itself.
  else if (name === 'PORT' || name.startsWith('AWSAPPRUNNER')) report(path, 'is reserved by the platform')
  else if (!/^[^=\s\0]+$/.test(name)) report(path, 'must be a name without white space and =')
}

/** What the macro sets unless the user does. */
function ownVariables(router: Router): JsonObject {
  const region = { Ref: 'AWS::Region' }
  const config = section(router.properties, 'RouterConfig')
  return {
    AWS_REGION: region,
    AWS_DEFAULT_REGION: region,
    // The variable wins over the manifest, so it must not be there if the manifest sets the level.
    ...(config.LogLevel === undefined ? { LPR_LOG_LEVEL: 'info' } : {}),
    ...observabilityVariables(router),
    [CONFIG_URI]: getAtt(ids(router).publisher, 'ConfigS3Uri'),
  }
}

/** A name may be in one list only, in every branch of a condition. */
function unlessSecret(value: unknown, secret: unknown): unknown {
  if (secret === undefined) return value
  return mapBranches(secret, (leaf) => (isAbsent(leaf) ? value : NO_VALUE))
}

function variable(name: string, value: unknown, key: 'Value' | 'ValueFrom'): unknown[] {
  const entry = listEntry(value, (leaf) => ({ Name: name, [key]: leaf }))
  return entry === undefined ? [] : [entry]
}

/** Does not show the value, which may be meant for nobody's eyes. */
function notText(value: unknown): string {
  if (isObject(value) || Array.isArray(value))
    return `must be a string, got a ${isObject(value) ? 'map' : 'list'}`
  return `must be a string, got a ${typeof value}: put it in quotes`
}
