import { FindingsError } from '../errors.ts'
import { entriesOf, type JsonObject, objectOrEmpty } from '../json.ts'
import { PUBLISHER_SUFFIX } from '../stack/local-scope.ts'
import { type RouteInfo, routesOf } from '../stack/routes.ts'
import { conditionHolds, resolveIntrinsics } from '../template/intrinsics.ts'
import { DeployedScope } from './scope.ts'
import type { DeployedStack } from './stack.ts'

/** A router of a deployed stack. */
export interface DeployedRouter {
  logicalId: string
  /** Undefined when no output of the stack tells it. */
  baseUrl: string | undefined
  routes: RouteInfo[]
}

const PUBLISHER_TYPE = 'Custom::LprConfigPublisher'

/** The routers in a template that the macro has expanded, in their order. Throws a FindingsError. */
export function deployedRouters(stack: DeployedStack, template: JsonObject): DeployedRouter[] {
  const scope = new DeployedScope(stack, template)
  return entriesOf(template.Resources)
    .map(([id, resource]) => [id, objectOrEmpty(resource)] as const)
    .filter(([, { Type }]) => Type === PUBLISHER_TYPE)
    .filter(([id, { Condition }]) => conditionHolds(Condition, ['Resources', id], scope).holds)
    .map(([id, { Properties }]) => {
      const logicalId = id.slice(0, -PUBLISHER_SUFFIX.length)
      const { value, findings } = resolveIntrinsics(Properties, ['Resources', id, 'Properties'], scope)
      if (findings.length > 0) throw new FindingsError(findings)
      return {
        logicalId,
        baseUrl: baseUrlOf(logicalId, stack, template),
        routes: routesOf(withListenAddress(objectOrEmpty(value))),
      }
    })
}

/** The publisher adds the address; nothing else of it is needed here. */
function withListenAddress(properties: JsonObject): JsonObject {
  const config = objectOrEmpty(properties.RouterConfig)
  return { ...properties, RouterConfig: { ListenAddr: ':8080', ...config } }
}

/** From any output that is made of the router's host name: its value is the host, or a URL there. */
function baseUrlOf(logicalId: string, { outputs }: DeployedStack, template: JsonObject): string | undefined {
  // In the spellings of GetAtt and Sub, and by the names that App Runner and ECS give the attribute.
  const mention = new RegExp(
    `"${logicalId}(",\\s*"|\\.)(ServiceUrl|Endpoint)"|\\$\\{${logicalId}\\.(ServiceUrl|Endpoint)\\}`,
  )
  const sources = objectOrEmpty(template.Outputs)
  for (const { name, value } of outputs) {
    if (!mention.test(JSON.stringify(objectOrEmpty(sources[name]).Value ?? ''))) continue
    const url = value.includes('://') ? value : `https://${value}`
    if (URL.canParse(url)) return new URL(url).origin
  }
  return undefined
}
