import { isObject } from '@lpr/contract'
import { isAbsent } from './intrinsics.ts'
import type { Platform } from './platforms/platform.ts'
import type { Scope } from './scope.ts'
import type { JsonObject } from './template.ts'

/** What the bootstrap template tells the macro through its function's environment. */
export interface Defaults {
  /** `LPR_DEFAULT_ROUTER_IMAGE_IDENTIFIER` */
  imageIdentifier: string
  /** `LPR_DEFAULT_COMPUTE_PLATFORM` */
  computePlatform: string
}

/** One `Lpr::Router::Service` on its way to the resources that it becomes. */
export interface Router {
  logicalId: string
  /** As written in the template, less what is absent. */
  properties: JsonObject
  scope: Scope
  platform: Platform
  defaults: Defaults
}

/** A property that is a map, or an empty one. */
export function section(properties: JsonObject, name: string): JsonObject {
  const value = properties[name]
  return isObject(value) ? present(value) : {}
}

/** A map less its absent values. */
export function present(map: JsonObject): JsonObject {
  return Object.fromEntries(Object.entries(map).filter(([, value]) => !isAbsent(value)))
}

/**
 * Logical ids of what a router becomes beside the service. Stable: a renamed resource would be replaced in every
 * deployed stack.
 */
export function ids({ logicalId, platform }: Router) {
  return {
    publisher: `${logicalId}LprConfigPublisher`,
    routerRole: `${logicalId}${platform.routerRoleSuffix}`,
    ecrAccessRole: `${logicalId}LprEcrAccessRole`,
    autoScaling: `${logicalId}LprAutoScaling`,
    observability: `${logicalId}LprObservability`,
    executionRole: `${logicalId}LprExecutionRole`,
    infrastructureRole: `${logicalId}LprInfrastructureRole`,
  }
}
