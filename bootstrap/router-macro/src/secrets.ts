import { isObject } from '@lpr/contract'
import { allow } from './allow.ts'
import { asSub, branches, isAbsent, isFixed, listEntry, mapBranches, NO_VALUE } from './intrinsics.ts'
import type { Report } from './problems.ts'
import type { Scope } from './scope.ts'
import { type JsonObject, sub } from './template.ts'

type Service = 'secretsmanager' | 'ssm'

const GRANTS = [
  { service: 'secretsmanager', sid: 'ReadSecretsManagerSecrets', action: 'secretsmanager:GetSecretValue' },
  { service: 'ssm', sid: 'ReadSsmParameters', action: 'ssm:GetParameters' },
] as const

/** What the role that fetches these secrets has to be allowed: exactly them, and their keys through their service. */
export function secretStatements(secrets: unknown[], scope: Scope): JsonObject[] {
  const statements: JsonObject[] = []
  const services: unknown[] = []
  for (const { service, sid, action } of GRANTS) {
    const resources = unique(secrets.map((secret) => resourceIn(service, secret, scope)))
    statements.push(...allow(sid, action, resources))
    services.push(...servicesOf(service, resources))
  }
  return [...statements, ...decryptions(services)]
}

/** Reports secrets that give a name where an ARN is due. */
export function checkSecretReferences(secrets: JsonObject, scope: Scope, report: Report): void {
  for (const [name, secret] of Object.entries(secrets)) {
    const names = branches(secret).flatMap((leaf) =>
      isObject(leaf) && typeof leaf.Ref === 'string' ? leaf.Ref : [],
    )
    for (const ref of names.filter((id) => scope.resourceType(id) === 'AWS::SSM::Parameter'))
      report(`EnvironmentSecrets.${name}`, `!Ref ${ref} is the name of the parameter, give its ARN`)
  }
}

/** Through which service keys are used: conditionally if all of its secrets are. */
function servicesOf(service: Service, resources: unknown[]): unknown[] {
  const host = sub(`${service}.\${AWS::Region}.amazonaws.com`)
  const used = unique(
    resources.map((resource) => mapBranches(resource, (leaf) => (isAbsent(leaf) ? NO_VALUE : host))),
  )
  return used.some(isFixed) ? used.filter(isFixed) : used
}

/** One statement; or, if conditions may take all secrets away, one for each condition, which goes with them. */
function decryptions(services: unknown[]): JsonObject[] {
  if (services.some(isFixed)) return [decryption('', services)]
  return services.map(
    (service, index) => listEntry(service, (leaf) => decryption(`If${index + 1}`, [leaf])) as JsonObject,
  )
}

/** A customer key's own policy decides too; without this statement it would not even be asked. */
function decryption(suffix: string, services: unknown[]): JsonObject {
  return {
    Sid: `DecryptSecrets${suffix}`,
    Effect: 'Allow',
    Action: 'kms:Decrypt',
    Resource: sub(`arn:\${AWS::Partition}:kms:\${AWS::Region}:\${AWS::AccountId}:key/*`),
    Condition: { StringEquals: { 'kms:ViaService': services } },
  }
}

function resourceIn(service: Service, secret: unknown, scope: Scope): unknown {
  return mapBranches(secret, (leaf) => {
    if (isAbsent(leaf)) return NO_VALUE
    const kind = serviceOf(leaf, scope)
    return kind === undefined || kind === service ? policyResource(leaf) : NO_VALUE
  })
}

/** The service that keeps a secret; undefined if nothing tells. */
function serviceOf(leaf: unknown, scope: Scope): Service | undefined {
  const text = scope.resolve(leaf)
  const template = typeof text === 'string' ? text : asSub(leaf)?.text
  const named = template?.trim().split(COLON)[2]
  if (named === 'secretsmanager' || named === 'ssm') return named
  const type = scope.resourceType(logicalIdIn(leaf) ?? '')
  return type === 'AWS::SecretsManager::Secret' ? 'secretsmanager' : undefined
}

/** A colon that is not part of a variable such as `${AWS::Region}`. */
const COLON = /:(?![^${}]*\})/

/**
 * The ARN that a policy has to name. A reference may go on behind the ARN with a JSON key, a stage and a version,
 * which are no part of it; and an ARN without the six random characters at its end stands for the one with them.
 * https://docs.aws.amazon.com/secretsmanager/latest/userguide/reference_iam-permissions.html
 */
function policyResource(leaf: unknown): unknown {
  if (typeof leaf === 'string') return completeArn(wholeSecret(leaf.trim()))
  const parsed = asSub(leaf)
  if (parsed === undefined) return leaf
  const text = wholeSecret(parsed.text)
  if (text === parsed.text) return leaf
  return Object.keys(parsed.variables).length === 0 ? sub(text) : { 'Fn::Sub': [text, parsed.variables] }
}

function wholeSecret(arn: string): string {
  const parts = arn.split(COLON)
  // `${Secret}:password::` is an ARN in one variable.
  const length = parts[0]?.startsWith('${') ? 1 : 7
  return parts.slice(0, length).join(':')
}

function completeArn(arn: string): string {
  const isSecret = arn.split(':')[2] === 'secretsmanager'
  return !isSecret || /-[A-Za-z0-9]{6}$/.test(arn) ? arn : `${arn}-??????`
}

/** `X` of `!Ref X`, `!GetAtt X.Id` or `!Sub ${X}:key::`. */
function logicalIdIn(leaf: unknown): string | undefined {
  const { Ref: ref, 'Fn::GetAtt': attribute } = (leaf ?? {}) as JsonObject
  if (typeof ref === 'string') return ref
  if (Array.isArray(attribute)) return String(attribute[0])
  if (typeof attribute === 'string') return attribute.split('.')[0]
  return asSub(leaf)?.text.match(/^\$\{([A-Za-z0-9]+)/)?.[1]
}

function unique(values: unknown[]): unknown[] {
  const given = values.filter((value) => !isAbsent(value))
  return [...new Map(given.map((value) => [JSON.stringify(value), value])).values()]
}
