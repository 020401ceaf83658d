import { isIntrinsic, isObject, show } from '@lpr/contract'
import { checkAttributes, withAttributes } from './attributes.ts'
import { checkEnvironment } from './environment.ts'
import { checkRole } from './iam.ts'
import { checkImageGiven } from './image.ts'
import { UNKNOWN } from './intrinsics.ts'
import { checkManifest } from './manifest.ts'
import { appRunner } from './platforms/app-runner.ts'
import { ecsExpress } from './platforms/ecs-express.ts'
import type { Platform } from './platforms/platform.ts'
import { Problems, type Report } from './problems.ts'
import { checkProperties, fieldsOf } from './properties.ts'
import { publisher } from './publisher.ts'
import { rewriteUrls } from './rewrite-urls.ts'
import { type Defaults, ids, present, type Router, section } from './router.ts'
import { Scope } from './scope.ts'
import { checkSecretReferences } from './secrets.ts'
import { checkKnown, writeOut } from './shapes.ts'
import { checkSize } from './sizing.ts'
import { checkTargets } from './targets.ts'
import { type JsonObject, type Resource, ROUTER_TYPE } from './template.ts'
import { views } from './views.ts'

const PLATFORMS: readonly Platform[] = [appRunner, ecsExpress]

/** The expanded template, or everything that is wrong with it: one message a mistake, starting with its place. */
export type Expansion = { fragment: JsonObject } | { problems: string[] }

/** Expands every `Lpr::Router::Service` of a template. Changes neither argument and reads nothing else. */
export function expand(template: JsonObject, parameterValues: JsonObject, defaults: Defaults): Expansion {
  const problems = new Problems()
  const source = isObject(template.Resources) ? template.Resources : {}
  const scope = new Scope(template, parameterValues)
  const resources: JsonObject = {}
  const urlAttributes = new Map<string, string>()
  for (const [logicalId, resource] of Object.entries(source)) {
    if (!isObject(resource) || resource.Type !== ROUTER_TYPE) {
      checkLoop(logicalId, resource, problems)
      checkType(logicalId, resource, problems)
      resources[logicalId] = resource
      continue
    }
    const router = readRouter(logicalId, resource, { scope, defaults }, problems)
    if (router === undefined) continue
    const produced = withAttributes(logicalId, resource, resourcesOf(router))
    checkCollisions(logicalId, Object.keys(produced), [source, resources], problems)
    Object.assign(resources, produced)
    urlAttributes.set(logicalId, router.platform.urlAttribute)
  }
  if (problems.messages.length > 0) return { problems: problems.messages }
  if (urlAttributes.size === 0) return { fragment: template }
  return { fragment: rewriteUrls({ ...template, Resources: resources }, urlAttributes) as JsonObject }
}

/** Reads and checks a router; undefined if nothing can be said about what it would become. */
function readRouter(
  logicalId: string,
  resource: JsonObject,
  { scope, defaults }: Pick<Router, 'scope' | 'defaults'>,
  problems: Problems,
): Router | undefined {
  checkAttributes(logicalId, resource, problems)
  const report = problems.forRouter(logicalId)
  if (!isObject(resource.Properties) || isIntrinsic(resource.Properties)) {
    report('', resource.Properties === undefined ? 'is required but missing' : 'must be a map of properties')
    return undefined
  }
  const properties = present(resource.Properties)
  const platform = platformOf(properties, scope, defaults, report)
  if (platform === undefined) return undefined
  const writtenOut = present(writeOut(properties, fieldsOf(platform), scope))
  const router = { logicalId, properties: writtenOut, scope, platform, defaults }
  checkRouter(router, report)
  return router
}

function checkRouter({ properties, scope, platform, defaults }: Router, report: Report): void {
  checkKnown(properties, fieldsOf(platform), '', scope, report)
  for (const view of views(properties, scope)) {
    checkProperties(view, platform, report)
    checkImageGiven(view, defaults, report)
    checkRole(view, report)
    checkSize(view, platform, report)
    checkEnvironment(view, report)
    platform.check(view, report)
    checkManifest(view, platform, report)
  }
  checkTargets(properties.Spec, scope, report)
  checkSecretReferences(section(properties, 'EnvironmentSecrets'), scope, report)
}

function platformOf(
  properties: JsonObject,
  scope: Scope,
  defaults: Defaults,
  report: Report,
): Platform | undefined {
  const given = scope.resolve(properties.ComputePlatform)
  const name =
    given === undefined || (typeof given === 'string' && given.trim() === '')
      ? defaults.computePlatform
      : given
  const platform = PLATFORMS.find((candidate) => candidate.name === name)
  if (platform !== undefined) return platform
  const names = PLATFORMS.map((candidate) => candidate.name).join(' or ')
  if (name === UNKNOWN)
    report(
      'ComputePlatform',
      `must be known when the template is expanded: ${names}, or what parameters decide`,
    )
  else report('ComputePlatform', `must be ${names}, got ${show(name)}`)
  return undefined
}

function resourcesOf(router: Router): Record<string, Resource> {
  const { [router.logicalId]: service, ...rest } = router.platform.resources(router)
  const publisherId = ids(router).publisher
  return { [router.logicalId]: service, [publisherId]: publisher(router), ...rest } as Record<
    string,
    Resource
  >
}

function checkCollisions(
  logicalId: string,
  produced: string[],
  taken: JsonObject[],
  problems: Problems,
): void {
  for (const id of produced) {
    if (id !== logicalId && taken.some((resources) => Object.hasOwn(resources, id)))
      problems.add(`${logicalId}.Properties`, `makes a resource ${id}, but the template has one of that name`)
  }
}

/** CloudFormation would only say that it does not know the type. */
function checkType(logicalId: string, resource: unknown, problems: Problems): void {
  const type = isObject(resource) ? resource.Type : undefined
  if (typeof type === 'string' && /^lpr::/i.test(type))
    problems.add(`${logicalId}.Type`, `must be ${ROUTER_TYPE}, got ${show(type)}`)
}

/** `Fn::ForEach` is unrolled by AWS::LanguageExtensions, which has to come first for the macro to see its routers. */
function checkLoop(logicalId: string, resource: unknown, problems: Problems): void {
  if (!Array.isArray(resource) || !JSON.stringify(resource).includes(`"${ROUTER_TYPE}"`)) return
  problems.add(logicalId, 'holds a router, so Transform must name AWS::LanguageExtensions before LprRouter')
}
