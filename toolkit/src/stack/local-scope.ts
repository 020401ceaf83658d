import type { Place } from '../errors.ts'
import { type JsonObject, objectOrEmpty } from '../json.ts'
import type { Scope } from '../template/intrinsics.ts'
import type { Path } from '../template/place-tree.ts'
import type { SourceDocument } from '../template/read.ts'
import { pseudoParameters, type StackIdentity } from './identity.ts'

/** The exports of the bootstrap stack, which `lpr dev` stands in for. */
export const CONFIG_BUCKET_EXPORT = 'LprConfigBucketName'
export const PUBLISHER_TOKEN_EXPORT = 'LprConfigPublisherServiceToken'

/** Suffix of the macro's publisher resource: its properties are those of the router it was made from. */
export const PUBLISHER_SUFFIX = 'LprConfigPublisher'

/**
 * What the names in a template mean on this machine. Functions, function URLs and attributes of custom resources are
 * told to it as they come into being; names are looked up when an intrinsic needs them.
 */
export class LocalScope implements Scope {
  body: JsonObject
  readonly #document: SourceDocument
  readonly #identity: StackIdentity
  readonly #values: JsonObject
  readonly #functions = new Map<string, string>()
  readonly #layers = new Map<string, string>()
  readonly #attributes = new Map<string, string>()
  readonly #exports: Record<string, string>

  constructor(document: SourceDocument, identity: StackIdentity, parameters: JsonObject, bucketName: string) {
    this.body = document.body
    this.#document = document
    this.#identity = identity
    this.#values = { ...pseudoParameters(identity), ...parameters }
    this.#exports = {
      [CONFIG_BUCKET_EXPORT]: bucketName,
      [PUBLISHER_TOKEN_EXPORT]: this.#functionArn('lpr-config-publisher'),
    }
  }

  /** Makes `Ref` to a layer known; returns its ARN. Locally a layer has one version. */
  addLayer(logicalId: string): string {
    const { partition, region, accountId } = this.#identity
    const arn = `arn:${partition}:lambda:${region}:${accountId}:layer:${logicalId}:1`
    this.#layers.set(logicalId, arn)
    this.addAttribute(logicalId, 'LayerVersionArn', arn)
    return arn
  }

  addFunction(logicalId: string, name: string): void {
    this.#functions.set(logicalId, name)
  }

  /** Makes `Fn::GetAtt logicalId.name` known. */
  addAttribute(logicalId: string, name: string, value: string): void {
    this.#attributes.set(`${logicalId}.${name}`, value)
  }

  ref(name: string): unknown {
    if (Object.hasOwn(this.#values, name)) return this.#values[name]
    const functionName = this.#functions.get(name)
    if (functionName !== undefined) return functionName
    return this.#layers.get(name) ?? this.#publishedArn(name)
  }

  attribute(logicalId: string, attribute: string): unknown {
    const functionName = this.#functions.get(logicalId)
    if (functionName !== undefined && attribute === 'Arn') return this.#functionArn(functionName)
    if (attribute === 'Alias' || attribute === 'Version')
      return this.#publishedArn(`${logicalId}.${attribute}`)
    return this.#attributes.get(`${logicalId}.${attribute}`)
  }

  importValue(name: string): unknown {
    return Object.hasOwn(this.#exports, name) ? this.#exports[name] : undefined
  }

  /** What the macro made from a router is placed at the router; the rest at itself. */
  place(path: Path): Place {
    const [section, id, ...rest] = path
    const known = objectOrEmpty(this.#document.body.Resources)
    if (
      section === 'Resources' &&
      typeof id === 'string' &&
      !(id in known) &&
      id.endsWith(PUBLISHER_SUFFIX)
    ) {
      return this.#document.places.locate([section, id.slice(0, -PUBLISHER_SUFFIX.length), ...rest])
    }
    return this.#document.places.locate(path)
  }

  /**
   * `Ref` to what SAM makes for `AutoPublishAlias`: `Fn.Alias`, `Fn.Version`, or the alias resource `FnAlias<name>`.
   * Locally there is one version of the code, so all of them are the function itself.
   */
  #publishedArn(name: string): string | undefined {
    for (const [logicalId, functionName] of this.#functions) {
      const rest = name.startsWith(logicalId) ? name.slice(logicalId.length) : undefined
      if (rest !== undefined && /^(\.Alias|\.Version|Alias\w+)$/.test(rest))
        return this.#functionArn(functionName)
    }
    return undefined
  }

  #functionArn(name: string): string {
    const { partition, region, accountId } = this.#identity
    return `arn:${partition}:lambda:${region}:${accountId}:function:${name}`
  }
}
