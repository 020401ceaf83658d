import type { Report } from '../problems.ts'
import type { Router } from '../router.ts'
import type { Fields } from '../shapes.ts'
import type { JsonObject, Resource } from '../template.ts'

/** Where a router can run. One implementation a platform; everything else in the macro is the same for all. */
export interface Platform {
  name: 'APP_RUNNER' | 'ECS_EXPRESS'
  /** Name of the platform in a sentence. */
  title: string
  /** Properties that this platform has in a form of its own, or cannot have. */
  fields: Fields
  /** Longest time, in ms, that a client may be left without a byte, and what sets that limit. */
  responseLimit: { ms: number; reason: string }
  /** Service principal of the role that the router itself runs under. */
  routerPrincipal: string
  /** Logical id suffix of that role. */
  routerRoleSuffix: string
  /** CPU units to the amounts of memory, in MB, that go with them. */
  sizes: Record<number, readonly number[]>
  /** The service's `GetAtt` attribute that holds its host name. */
  urlAttribute: string
  /** Rules that no shape can say. Takes one view of the properties. */
  check(view: JsonObject, report: Report): void
  /** All resources but the publisher and the router's own role, by logical id, the service first. */
  resources(router: Router): Record<string, Resource>
}
