import { randomUUID } from 'node:crypto'
import type { Place } from './api-calls.ts'
import type { Transform } from './cloud-formation.ts'
import type { Invoke } from './custom-resource.ts'
import { type JsonObject, objectOrEmpty } from './json.ts'
import type { Made, Provider, ResourceRequest } from './resource.ts'

/**
 * `AWS::CloudFormation::Macro`: from then on templates may name it as a transform.
 * https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/template-macros-author.html
 */
export class Macros implements Provider {
  readonly #place: Place
  readonly #invoke: Invoke
  readonly #transforms: Map<string, Transform>

  constructor(place: Place, invoke: Invoke, transforms: Map<string, Transform>) {
    this.#place = place
    this.#invoke = invoke
    this.#transforms = transforms
  }

  async create({ properties }: ResourceRequest): Promise<Made> {
    const name = String(properties.Name)
    const functionArn = String(properties.FunctionName)
    this.#transforms.set(name, (template, parameters) => this.#call(name, functionArn, template, parameters))
    return { physicalId: name }
  }

  update(request: ResourceRequest): Promise<Made> {
    return this.create(request)
  }

  async delete({ physicalId }: { physicalId: string }): Promise<void> {
    this.#transforms.delete(physicalId)
  }

  async #call(
    name: string,
    functionArn: string,
    fragment: JsonObject,
    templateParameterValues: Record<string, string>,
  ): Promise<JsonObject> {
    const { region, accountId } = this.#place
    const requestId = randomUUID()
    const transformId = `${accountId}::${name}`
    const event = { region, accountId, transformId, requestId, fragment, params: {}, templateParameterValues }
    const answer = objectOrEmpty(await this.#invoke(functionArn, event))
    if (answer.requestId !== requestId) throw new Error(`Transform ${transformId} answered another request`)
    if (String(answer.status).toLowerCase() !== 'success')
      throw new Error(`Transform ${transformId} failed with: ${answer.errorMessage}`)
    return objectOrEmpty(answer.fragment)
  }
}
