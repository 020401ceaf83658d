import { isIntrinsic, isObject } from '@lpr/contract'
import { Conditions } from './conditions.ts'
import { asIf, asSub, isAbsent, subParts, UNKNOWN } from './intrinsics.ts'
import type { JsonObject } from './template.ts'

/**
 * What the macro knows while it expands a template: the values of parameters and the types of resources.
 * Everything else is known at deployment only.
 */
export class Scope {
  readonly #parameters = new Map<string, unknown>()
  readonly #resources: JsonObject
  readonly #mappings: unknown
  readonly #conditions: Conditions

  constructor(template: JsonObject, parameterValues: JsonObject) {
    this.#resources = isObject(template.Resources) ? template.Resources : {}
    this.#mappings = template.Mappings
    this.#conditions = new Conditions(template.Conditions, (value) => this.resolve(value))
    const declared = isObject(template.Parameters) ? template.Parameters : {}
    for (const [name, declaration] of Object.entries(declared)) {
      const value = parameterValue(declaration, parameterValues[name])
      if (value !== UNKNOWN) this.#parameters.set(name, value)
    }
  }

  /** The literal behind a value, `undefined` if it is absent, or `UNKNOWN`. Maps and lists are not looked into. */
  resolve(value: unknown): unknown {
    if (isAbsent(value)) return undefined
    if (!isIntrinsic(value)) return value
    const decided = this.decide(value)
    if (decided !== value) return this.resolve(decided)
    const known = this.#reference(value)
    if (known !== UNKNOWN) return known
    const { text, complete } = this.prefix(value)
    return complete ? text : UNKNOWN
  }

  /** What parameters make of an `Fn::If` or an `Fn::FindInMap`; any other value as it is. */
  decide(value: unknown): unknown {
    const parts = asIf(value)
    if (parts === undefined) return this.#mapped(value)
    const holds = this.condition(parts[0])
    return holds === UNKNOWN ? value : this.decide(holds ? parts[1] : parts[2])
  }

  /** The text with which a value begins, as far as it is known, and whether that is all of it. */
  prefix(value: unknown): { text: string; complete: boolean } {
    if (typeof value === 'string') return { text: value, complete: true }
    const known = this.#reference(value)
    if (typeof known === 'string') return { text: known, complete: true }
    const sub = asSub(value)
    if (sub !== undefined) return this.#substitute(sub.text, sub.variables)
    return { text: '', complete: false }
  }

  /** Whether a condition of the template holds, or `UNKNOWN`. */
  condition(name: string): boolean | typeof UNKNOWN {
    return this.#conditions.holds(name)
  }

  /** Type of a resource of the template, if it has one of that logical id. */
  resourceType(logicalId: string): string | undefined {
    const resource = this.#resources[logicalId]
    return isObject(resource) && typeof resource.Type === 'string' ? resource.Type : undefined
  }

  #mapped(value: unknown): unknown {
    const keys = isObject(value) && isIntrinsic(value) ? value['Fn::FindInMap'] : undefined
    if (!Array.isArray(keys) || keys.length !== 3) return value
    let node = this.#mappings
    for (const key of keys.map((key) => this.resolve(key))) {
      if (!isObject(node) || typeof key !== 'string' || !Object.hasOwn(node, key)) return value
      node = node[key]
    }
    return node
  }

  #reference(value: unknown): unknown {
    if (!isObject(value) || typeof value.Ref !== 'string') return UNKNOWN
    return this.#parameters.has(value.Ref) ? this.#parameters.get(value.Ref) : UNKNOWN
  }

  #substitute(template: string, variables: JsonObject): { text: string; complete: boolean } {
    let text = ''
    for (const part of subParts(template)) {
      if ('text' in part) {
        text += part.text
        continue
      }
      const { variable } = part
      const value = this.resolve(Object.hasOwn(variables, variable) ? variables[variable] : { Ref: variable })
      if (typeof value !== 'string') return { text, complete: false }
      text += value
    }
    return { text, complete: true }
  }
}

/**
 * The value that `Ref` of a parameter gives. Values of SSM parameter types may be names instead of values at this
 * point, and `NoEcho` values must not get into an error message: both count as unknown.
 */
function parameterValue(declaration: unknown, supplied: unknown): unknown {
  if (!isObject(declaration)) return UNKNOWN
  const type = String(declaration.Type ?? 'String')
  const hidden = declaration.NoEcho !== undefined && String(declaration.NoEcho) !== 'false'
  if (hidden || type.startsWith('AWS::SSM::')) return UNKNOWN
  const value = supplied ?? declaration.Default
  if (value === undefined || value === null) return UNKNOWN
  const isList = type === 'CommaDelimitedList' || type.startsWith('List<')
  if (!isList) return String(value)
  return Array.isArray(value)
    ? value.map(String)
    : String(value)
        .split(',')
        .map((entry) => entry.trim())
}
