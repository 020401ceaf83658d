import { isDeepStrictEqual } from 'node:util'
import type { Place } from './api-calls.ts'
import { type JsonObject, objectOrEmpty } from './json.ts'
import { dependencyOrder } from './references.ts'
import type { Provider, ResourceRequest, StackResource } from './resource.ts'
import { StackScope } from './stack-scope.ts'

/** Turns one template into the next, as an entry of its `Transform` section says. */
export type Transform = (template: JsonObject, parameters: Record<string, string>) => Promise<JsonObject>

export interface CloudFormationOptions {
  place: Place
  /** By resource type. */
  providers: Record<string, Provider>
  /** By name. Looked up when a template asks, so that a stack may bring one for the next. */
  transforms: ReadonlyMap<string, Transform>
}

/** A stack as it is now. */
export interface Stack {
  name: string
  id: string
  /** Behind its transforms. */
  template: JsonObject
  parameters: Record<string, string>
  resources: Map<string, StackResource>
  outputs: JsonObject
}

/**
 * As much of CloudFormation as a rehearsal needs: transforms in their order, conditions, resources in the order of
 * their dependencies, exports between stacks, updates, clean-up and rollback as the service does them.
 * Resources of one stack are made one after the other, not at the same time.
 */
export class CloudFormation {
  /** What was done, such as `Create Router`, in order. */
  readonly journal: string[] = []
  readonly #options: CloudFormationOptions
  readonly #stacks = new Map<string, Stack>()
  readonly #exports = new Map<string, unknown>()

  constructor(options: CloudFormationOptions) {
    this.#options = options
  }

  /** Creates or updates a stack. Rejects with what failed, after everything is as it was before. */
  async deploy(name: string, source: JsonObject, given: Record<string, string> = {}): Promise<Stack> {
    const parameters = parameterValues(source, given)
    const template = await this.#transform(source, parameters)
    const before = this.#stacks.get(name)
    const { region, accountId, partition } = this.#options.place
    const id = `arn:${partition}:cloudformation:${region}:${accountId}:stack/${name}/1`
    const stack: Stack = {
      name,
      id,
      template,
      parameters,
      resources: new Map(before?.resources),
      outputs: {},
    }
    try {
      await this.#apply(stack)
    } catch (error) {
      this.journal.push(`Rollback ${name}`)
      const target = before ?? { ...stack, template: {} }
      await this.#apply({ ...target, resources: stack.resources })
      if (before !== undefined) before.resources = stack.resources
      throw error
    }
    this.#stacks.set(name, stack)
    return stack
  }

  /** Deletes a stack, less what is to be retained. */
  async delete(name: string): Promise<void> {
    const stack = this.#stacks.get(name)
    if (stack === undefined) throw new Error(`there is no stack ${name}`)
    await this.#deleteAll([...stack.resources.values()].reverse())
    this.#stacks.delete(name)
  }

  async #transform(source: JsonObject, parameters: Record<string, string>): Promise<JsonObject> {
    const { Transform: names = [], ...rest } = source
    let template: JsonObject = rest
    for (const name of [names].flat().map(String)) {
      const transform = this.#options.transforms.get(name)
      if (transform === undefined) throw new Error(`No transform named ${name} found`)
      template = await transform(template, parameters)
    }
    return template
  }

  async #apply(stack: Stack): Promise<void> {
    const { template, resources } = stack
    const scope = new StackScope({
      ...stack,
      place: this.#options.place,
      stackName: stack.name,
      stackId: stack.id,
      exports: this.#exports,
    })
    const wanted = Object.entries(objectOrEmpty(template.Resources)).filter(([id, resource]) =>
      scope.exists(resource, ['Resources', id]),
    )
    const declarations = Object.fromEntries(wanted.map(([id, resource]) => [id, objectOrEmpty(resource)]))
    const replaced: StackResource[] = []
    for (const logicalId of dependencyOrder(declarations)) {
      const { Type, Properties = {}, DeletionPolicy } = declarations[logicalId] ?? {}
      const path = ['Resources', logicalId, 'Properties']
      const properties = objectOrEmpty(scope.resolve(Properties, path))
      const type = String(Type)
      const request = { stackName: stack.name, stackId: stack.id, logicalId, type, properties }
      const old = await this.#make(request, DeletionPolicy, resources)
      if (old !== undefined) replaced.push(old)
    }
    const surplus = [...resources.values()].filter(({ logicalId }) => !(logicalId in declarations)).reverse()
    for (const { logicalId } of surplus) resources.delete(logicalId)
    await this.#deleteAll([...replaced.reverse(), ...surplus])
    stack.outputs = this.#outputs(template, scope)
  }

  /** Brings a resource about. Gives back the one that it takes the place of, if it is another. */
  async #make(
    request: ResourceRequest,
    deletionPolicy: unknown,
    resources: Map<string, StackResource>,
  ): Promise<StackResource | undefined> {
    const { logicalId, type, properties } = request
    const before = resources.get(logicalId)
    if (before !== undefined && isDeepStrictEqual(before.properties, properties)) return undefined
    this.journal.push(`${before === undefined ? 'Create' : 'Update'} ${logicalId}`)
    const provider = this.#provider(type)
    // Whether or not the update succeeds: the rollback has to undo one that failed, too.
    if (before !== undefined) resources.set(logicalId, { ...before, properties })
    const made = await (before === undefined ? provider.create(request) : provider.update(request, before))
    resources.set(logicalId, { ...request, attributes: {}, ...made, deletionPolicy })
    return before !== undefined && before.physicalId !== made.physicalId ? before : undefined
  }

  async #deleteAll(resources: StackResource[]): Promise<void> {
    for (const resource of resources) {
      if (resource.deletionPolicy === 'Retain') continue
      this.journal.push(`Delete ${resource.logicalId}`)
      await this.#provider(resource.type).delete(resource)
    }
  }

  #outputs(template: JsonObject, scope: StackScope): JsonObject {
    const outputs: JsonObject = {}
    for (const [name, output] of Object.entries(objectOrEmpty(template.Outputs))) {
      if (!scope.exists(output, ['Outputs', name])) continue
      const { Value, Export } = objectOrEmpty(output)
      outputs[name] = scope.resolve(Value, ['Outputs', name, 'Value'])
      const exported = scope.resolve(objectOrEmpty(Export).Name, ['Outputs', name, 'Export', 'Name'])
      if (exported !== undefined) this.#exports.set(String(exported), outputs[name])
    }
    return outputs
  }

  #provider(type: string): Provider {
    const provider = this.#options.providers[type]
    if (provider === undefined) throw new Error(`Unrecognized resource types: [${type}]`)
    return provider
  }
}

function parameterValues(template: JsonObject, given: Record<string, string>): Record<string, string> {
  const declared = Object.entries(objectOrEmpty(template.Parameters))
  const values = declared.map(([name, declaration]) => {
    const value = given[name] ?? objectOrEmpty(declaration).Default
    if (value === undefined) throw new Error(`Parameters: [${name}] must have values`)
    return [name, String(value)] as const
  })
  return Object.fromEntries(values)
}
