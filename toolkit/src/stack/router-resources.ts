import { type Finding, fail, throwFindings } from '../errors.ts'
import { entriesOf, isObject, type JsonObject, objectOrEmpty } from '../json.ts'
import { conditionHolds, resolveIntrinsics } from '../template/intrinsics.ts'
import { PUBLISHER_SUFFIX } from './local-scope.ts'
import type { Stack } from './stack.ts'

/** The two resources of one router in an expanded template. */
export interface RouterResources {
  routerId: string
  publisherId: string
  /** Type of the publisher resource. */
  publisherType: string
  /** Resolved. */
  publisherProperties: JsonObject
  /** Of the container platform, unresolved: it refers to what the publisher answers. */
  service: JsonObject
}

const PUBLISHER_TYPE = 'Custom::LprConfigPublisher'

/** Finds the router to run. `wanted` chooses one if the template has several. Throws a FindingsError. */
export function findRouter(stack: Stack, expanded: JsonObject, wanted: string | undefined): RouterResources {
  const resources = objectOrEmpty(expanded.Resources)
  const routers = entriesOf(resources)
    .filter(([, resource]) => isPublisher(resource) && exists(stack, resource))
    .map(([id]) => id.slice(0, -PUBLISHER_SUFFIX.length))
  const routerId = choose(routers, wanted)
  const publisherId = `${routerId}${PUBLISHER_SUFFIX}`
  const publisher = objectOrEmpty(resources[publisherId])
  const path = ['Resources', publisherId, 'Properties']
  const resolved = resolveIntrinsics(publisher.Properties, path, stack.scope)
  throwFindings(resolved.findings)
  return {
    routerId,
    publisherId,
    publisherType: String(publisher.Type),
    publisherProperties: objectOrEmpty(resolved.value),
    service: objectOrEmpty(resources[routerId]),
  }
}

export interface ContainerEnvironment {
  variables: Record<string, string>
  /** Names of the variables that come from a secret, which a local run does not have. */
  secrets: string[]
}

/** Environment of the router's container, on either platform. Needs the publisher's attributes in the scope. */
export function containerEnvironment(stack: Stack, router: RouterResources): ContainerEnvironment {
  const { variables, secrets, path } = environmentLists(router.service)
  const at = ['Resources', router.routerId, 'Properties', ...path]
  const resolved = resolveIntrinsics(variables, at, stack.scope)
  throwFindings(resolved.findings)
  return {
    variables: Object.fromEntries(
      namedEntries(resolved.value).map(({ Name, Value }) => [String(Name), String(Value)]),
    ),
    // Conditions decide which secrets there are; what they refer to is not needed, so it need not be known locally.
    secrets: namedEntries(resolveIntrinsics(secrets, at, stack.scope).value).map(({ Name }) => String(Name)),
  }
}

/** Outputs of the stack that can be known locally; the others are left out. */
export function knownOutputs(stack: Stack, expanded: JsonObject): Record<string, string> {
  const outputs: Record<string, string> = {}
  for (const [name, output] of entriesOf(expanded.Outputs)) {
    const { Value, Condition } = objectOrEmpty(output)
    const path = ['Outputs', name, 'Value']
    if (!conditionHolds(Condition, path, stack.scope).holds) continue
    const { value, findings } = resolveIntrinsics(Value, path, stack.scope)
    if (findings.length === 0 && value !== undefined) outputs[name] = String(value)
  }
  return outputs
}

function isPublisher(resource: unknown): boolean {
  return objectOrEmpty(resource).Type === PUBLISHER_TYPE
}

function exists(stack: Stack, resource: unknown): boolean {
  const findings: Finding[] = []
  const condition = conditionHolds(objectOrEmpty(resource).Condition, ['Resources'], stack.scope)
  findings.push(...condition.findings)
  throwFindings(findings)
  return condition.holds
}

function choose(routers: string[], wanted: string | undefined): string {
  const names = routers.join(', ')
  const chosen = wanted === undefined ? routers[0] : routers.find((router) => router === wanted)
  if (chosen === undefined && wanted !== undefined) {
    throw fail(`the template has no router ${wanted}`, { remedy: `it has ${names || 'none'}` })
  }
  if (chosen === undefined) {
    throw fail('the template has no router', {
      remedy: 'add a resource of type Lpr::Router::Service, and LprRouter to Transform',
    })
  }
  if (wanted === undefined && routers.length > 1) {
    throw fail(`the template has several routers: ${names}`, { remedy: `choose one with --router ${chosen}` })
  }
  return chosen
}

function environmentLists(service: JsonObject): { variables: unknown; secrets: unknown; path: string[] } {
  const properties = objectOrEmpty(service.Properties)
  if (service.Type === 'AWS::AppRunner::Service') {
    const path = ['SourceConfiguration', 'ImageRepository', 'ImageConfiguration']
    const image = path.reduce((node, step) => objectOrEmpty(node[step]), properties)
    return {
      variables: image.RuntimeEnvironmentVariables,
      secrets: image.RuntimeEnvironmentSecrets,
      path: [...path, 'RuntimeEnvironmentVariables'],
    }
  }
  const container = objectOrEmpty(properties.PrimaryContainer)
  return {
    variables: container.Environment,
    secrets: container.Secrets,
    path: ['PrimaryContainer', 'Environment'],
  }
}

function namedEntries(value: unknown): JsonObject[] {
  return Array.isArray(value) ? value.filter(isObject) : []
}
