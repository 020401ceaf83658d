import type { Place } from './api-calls.ts'
import { packagedCode } from './package-code.ts'
import type { Made, Provider, ResourceRequest } from './resource.ts'

/** `AWS::Lambda::LayerVersion`: keeps where the contents of each version are. */
export class Layers implements Provider {
  readonly #place: Place
  readonly #contentDirectory: (logicalId: string) => string
  readonly #directories = new Map<string, string>()

  /** `contentDirectory`: of the built contents of a layer, by its logical id before SAM adds a hash to it. */
  constructor(place: Place, contentDirectory: (logicalId: string) => string) {
    this.#place = place
    this.#contentDirectory = contentDirectory
  }

  async create({ stackName, logicalId, properties }: ResourceRequest): Promise<Made> {
    const { partition, region, accountId } = this.#place
    const name = String(properties.LayerName ?? `${stackName}-${logicalId}`)
    const arn = `arn:${partition}:lambda:${region}:${accountId}:layer:${name}:1`
    this.#directories.set(arn, this.#contentDirectory(packagedCode(properties.Content)))
    return { physicalId: arn, attributes: { LayerVersionArn: arn } }
  }

  update(request: ResourceRequest): Promise<Made> {
    return this.create(request)
  }

  async delete({ physicalId }: { physicalId: string }): Promise<void> {
    this.#directories.delete(physicalId)
  }

  /** What a function with these layers has under `/opt`. Throws for layers that nobody made. */
  directoryOf(arns: unknown): string | undefined {
    const [arn, ...more] = Array.isArray(arns) ? arns.map(String) : []
    if (arn === undefined) return undefined
    const directory = this.#directories.get(arn)
    if (directory === undefined || more.length > 0)
      throw new Error(`expected one layer that a stack has made, got ${[arn, ...more].join(', ')}`)
    return directory
  }
}
