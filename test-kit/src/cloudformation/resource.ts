import type { JsonObject } from './json.ts'

/** What a stack asks of the provider of a resource's type. */
export interface ResourceRequest {
  stackName: string
  stackId: string
  logicalId: string
  type: string
  /** Resolved. */
  properties: JsonObject
}

/** What a provider made. */
export interface Made {
  /** What `Ref` gives. */
  physicalId: string
  /** What `Fn::GetAtt` gives, by name. */
  attributes?: JsonObject
}

/** Makes, changes and deletes resources of some types. Every rejection fails the stack. */
export interface Provider {
  create(request: ResourceRequest): Promise<Made>
  /** A physical id other than before means that this is another resource, and the old one is to be deleted. */
  update(request: ResourceRequest, before: { physicalId: string; properties: JsonObject }): Promise<Made>
  delete(request: ResourceRequest & { physicalId: string }): Promise<void>
}

/** A resource of a stack as it is now. */
export interface StackResource extends ResourceRequest, Required<Made> {
  deletionPolicy: unknown
}

/** A provider for what a rehearsal need not have, beyond its names. */
export function nominal(attributesOf: (name: string, request: ResourceRequest) => JsonObject): Provider {
  const made = async (request: ResourceRequest): Promise<Made> => {
    const name = `${request.stackName}-${request.logicalId}`
    return { physicalId: name, attributes: attributesOf(name, request) }
  }
  return { create: made, update: made, delete: async () => undefined }
}
