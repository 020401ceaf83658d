import { type LocalFunction, LocalLambda } from 'lpr-toolkit/local-lambda'
import type { Place } from './api-calls.ts'
import { type JsonObject, objectOrEmpty } from './json.ts'
import type { Layers } from './layers.ts'
import { packagedCode } from './package-code.ts'
import type { Made, Provider, ResourceRequest } from './resource.ts'

export interface FunctionsOptions {
  place: Place
  /** Directory of the built code of a function, by logical id. */
  codeDirectory: (logicalId: string) => string
  /** Variables beside the function's own, such as endpoints. */
  environment: (logicalId: string) => Record<string, string>
  layers: Layers
}

/** `AWS::Lambda::Function` on the local Lambda. */
export class Functions implements Provider {
  readonly #options: FunctionsOptions
  readonly #lambda: LocalLambda
  readonly #functions = new Map<string, LocalFunction>()

  private constructor(lambda: LocalLambda, options: FunctionsOptions) {
    this.#lambda = lambda
    this.#options = options
  }

  static async start(options: FunctionsOptions): Promise<Functions> {
    const { region, accountId } = options.place
    return new Functions(await LocalLambda.start({ functions: [], region, accountId }), options)
  }

  /** Endpoint for SDKs. */
  get url(): string {
    return this.#lambda.url
  }

  async create(request: ResourceRequest): Promise<Made> {
    const { logicalId, stackName, properties } = request
    const name = String(properties.FunctionName ?? `${stackName}-${logicalId}`)
    const source = packagedCode(properties.Code)
    const variables = objectOrEmpty(objectOrEmpty(properties.Environment).Variables)
    const optDir = this.#options.layers.directoryOf(properties.Layers)
    this.#functions.set(name, {
      name,
      codeDir: this.#options.codeDirectory(source),
      handler: String(properties.Handler),
      runtime: String(properties.Runtime),
      environment: { ...texts(variables), ...this.#options.environment(source) },
      timeoutMs: Number(properties.Timeout ?? 3) * 1000,
      memoryMb: Number(properties.MemorySize ?? 128),
      ...(optDir !== undefined && { optDir }),
    })
    this.#lambda.update([...this.#functions.values()], [name])
    return { physicalId: name, attributes: { Arn: this.#arn(name) } }
  }

  update(request: ResourceRequest): Promise<Made> {
    return this.create(request)
  }

  async delete({ physicalId }: { physicalId: string }): Promise<void> {
    this.#functions.delete(physicalId)
    this.#lambda.update([...this.#functions.values()], [])
  }

  /** Calls a function and gives back its answer. Rejects with its error. */
  async invoke(functionArn: string, event: unknown): Promise<unknown> {
    const url = `${this.url}/2015-03-31/functions/${encodeURIComponent(functionArn)}/invocations`
    const response = await fetch(url, { method: 'POST', body: JSON.stringify(event) })
    const payload = await response.text()
    if (!response.ok || response.headers.has('x-amz-function-error'))
      throw new Error(`${functionArn} failed: ${payload}`)
    return payload === '' ? undefined : JSON.parse(payload)
  }

  stop(): Promise<void> {
    return this.#lambda.stop()
  }

  #arn(name: string): string {
    const { partition, region, accountId } = this.#options.place
    return `arn:${partition}:lambda:${region}:${accountId}:function:${name}`
  }
}

function texts(variables: JsonObject): Record<string, string> {
  return Object.fromEntries(Object.entries(variables).map(([name, value]) => [name, String(value)]))
}
