import { handler } from '@lpr/config-publisher'
import { type Finding, FindingsError, fail } from '../errors.ts'
import { type JsonObject, objectOrEmpty } from '../json.ts'
import { createCustomResource } from './custom-resource.ts'
import { withConsole } from './quiet.ts'
import { findingFrom } from './remedies.ts'
import type { RouterResources } from './router-resources.ts'
import type { Stack } from './stack.ts'

/** Where the published router listens on this machine. */
export interface LocalAddresses {
  listen: string
  admin: string
}

/** Publishes the router's config as CloudFormation would have it published; the attributes become known to the scope. */
export async function publishConfig(
  stack: Stack,
  router: RouterResources,
  addresses: LocalAddresses,
  onLog: (line: string) => void,
): Promise<{ configUri: string; published: JsonObject }> {
  const published = localProperties(router.publisherProperties, addresses)
  const resource = { logicalId: router.publisherId, type: router.publisherType, properties: published }
  const reply = await withConsole(onLog, () => createCustomResource(handler, resource, stack.identity))
  if (reply.status !== 'SUCCESS') throw publisherFailure(reply.reason, stack, router.routerId)
  for (const [name, value] of Object.entries(reply.data)) {
    stack.scope.addAttribute(router.publisherId, name, String(value))
  }
  const configUri = reply.data.ConfigS3Uri
  if (typeof configUri !== 'string') throw fail('the publisher answered without ConfigS3Uri')
  return { configUri, published }
}

/** The template's addresses are those of a container; on this machine the router gets loopback ones. */
function localProperties(properties: JsonObject, { listen, admin }: LocalAddresses): JsonObject {
  const config = objectOrEmpty(properties.RouterConfig)
  const port = listen.slice(listen.lastIndexOf(':') + 1)
  return {
    ...properties,
    Port: port,
    RouterConfig: { ...config, ListenAddr: listen, AdminListenAddr: admin },
  }
}

/** The publisher names paths of the manifest, which stand in the router's `Spec` and `RouterConfig`. */
function publisherFailure(reason: string, { document }: Stack, routerId: string): FindingsError {
  const properties = document.places.child('Resources')?.child(routerId)?.child('Properties')
  const findings = reason.split(/; (?=[A-Z][A-Za-z]+[.:])/).map((message): Finding => {
    if (properties === undefined) return { message }
    const root = /^(Spec|RouterConfig)\b/.test(message) ? properties : properties.child('RouterConfig')
    return findingFrom(`${routerId}: ${message}`, (root ?? properties).locateText(message))
  })
  return new FindingsError(findings)
}
