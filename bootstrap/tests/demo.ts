import { createServer } from 'node:net'
import { type Stack, type Statement, statementsOf } from '@lpr/test-kit/cloudformation'
import type { Template } from './code.ts'

export const SERVICE = 'RouterService'
export const PUBLISHER = 'RouterServiceLprConfigPublisher'

type Properties = Record<string, unknown>
type Paths = Record<string, Record<string, unknown>>

/** A copy of the demo in which the router has other properties. */
export function withProperties(template: Template, change: (properties: Properties) => void): Template {
  const copy = structuredClone(template)
  change((copy.Resources as Record<string, { Properties: Properties }>)[SERVICE]?.Properties ?? {})
  return copy
}

/** A copy of the demo with other paths in its spec. */
export function withPaths(template: Template, change: (paths: Paths) => Paths): Template {
  return withProperties(template, ({ Spec }) => {
    const spec = Spec as { paths: Paths }
    spec.paths = change(spec.paths)
  })
}

/** The paths of the demo, one of them by another name. */
export function renamed(paths: Paths): Paths {
  const names = (path: string) => (path === '/buffering/simple/{greeting}' ? '/renamed' : path)
  return Object.fromEntries(Object.entries(paths).map(([path, item]) => [names(path), item]))
}

interface Published {
  ConfigS3Uri: string
  ConfigSha256: string
}

/** What the publisher answered. */
export function published(stack: Stack): Published {
  return stack.resources.get(PUBLISHER)?.attributes as unknown as Published
}

/** Sends one request to every route of the published spec, one after the other: each may start a function. */
export async function statuses(stack: Stack): Promise<[string, number][]> {
  const { paths } = propertiesOf(stack, PUBLISHER).Spec as { paths: Paths }
  const answers: [string, number][] = []
  for (const [path, item] of Object.entries(paths)) {
    for (const method of Object.keys(item)) {
      const url = `http://${stack.outputs.RouterServiceUrl}${path.replaceAll(/\{\w+\}/g, 'hello')}`
      const response = await fetch(url, { method: method.toUpperCase() })
      await response.arrayBuffer()
      answers.push([`${method} ${path}`, response.status])
    }
  }
  return answers
}

function propertiesOf(stack: Stack, logicalId: string): Properties {
  return stack.resources.get(logicalId)?.properties ?? {}
}

/** Of the container, whatever the platform calls it. */
export function environmentOf(stack: Stack): Record<string, string> {
  const { SourceConfiguration, PrimaryContainer } = propertiesOf(stack, SERVICE) as {
    SourceConfiguration?: {
      ImageRepository: { ImageConfiguration: { RuntimeEnvironmentVariables: Variable[] } }
    }
    PrimaryContainer?: { Environment: Variable[] }
  }
  const variables =
    PrimaryContainer?.Environment ??
    SourceConfiguration?.ImageRepository.ImageConfiguration.RuntimeEnvironmentVariables ??
    []
  return Object.fromEntries(variables.map(({ Name, Value }) => [Name, Value]))
}

interface Variable {
  Name: string
  Value: string
}

/** ARN of the role that the router runs under, whatever the platform calls it. */
export function routerRole(stack: Stack): unknown {
  const { InstanceConfiguration, TaskRoleArn } = propertiesOf(stack, SERVICE)
  return TaskRoleArn ?? (InstanceConfiguration as Properties).InstanceRoleArn
}

/** What a role of a stack allows, by its ARN. */
export function statementsOfRole(stack: Stack, arn: unknown): Statement[] {
  const role = [...stack.resources.values()].find(
    ({ type, attributes }) => type === 'AWS::IAM::Role' && attributes.Arn === arn,
  )
  if (role === undefined) throw new Error(`the stack has no role ${arn}`)
  return statementsOf(role.properties)
}

/** A port that was free a moment ago. */
export async function freePort(): Promise<number> {
  const server = createServer()
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const address = server.address()
  await new Promise((resolve) => server.close(resolve))
  return typeof address === 'object' && address !== null ? address.port : 0
}
