import type { Finding, Place } from '../errors.ts'
import { isIntrinsic, isObject, type JsonObject, objectOrEmpty } from '../json.ts'
import type { Path } from './place-tree.ts'

/** Everything outside the template that an intrinsic can name. */
export interface Scope {
  /** The template whose `Conditions` and `Mappings` are meant. */
  body: JsonObject
  /** Value of a parameter, a pseudo parameter, or of `Ref` to a resource; undefined when there is none. */
  ref(name: string): unknown
  /** Value of `Fn::GetAtt`; undefined when it is not known locally. */
  attribute(logicalId: string, attribute: string): unknown
  /** Value of an exported output; undefined when nothing exports it. */
  importValue(name: string): unknown
  /** Position of a path of the template, for messages. */
  place(path: Path): Place
}

export interface Resolved {
  /** The value without intrinsics; meaningless when there are findings. */
  value: unknown
  /** Every intrinsic that could not be resolved, with its place. */
  findings: Finding[]
}

/** Resolves the intrinsics in a value. `path` is where the value stands in the template. Never throws. */
export function resolveIntrinsics(value: unknown, path: Path, scope: Scope): Resolved {
  const resolver = new Resolver(scope)
  const resolved = resolver.value(value, path)
  return { value: resolved === NO_VALUE ? undefined : resolved, findings: resolver.findings }
}

/** Whether a resource or output with this `Condition` exists. Without one it always does. */
export function conditionHolds(
  name: unknown,
  path: Path,
  scope: Scope,
): { holds: boolean; findings: Finding[] } {
  const resolver = new Resolver(scope)
  const holds = name === undefined || resolver.condition(name, path)
  return { holds, findings: resolver.findings }
}

const NO_VALUE = Symbol('AWS::NoValue')

type Handler = (argument: unknown, path: Path) => unknown

class Resolver {
  readonly findings: Finding[] = []
  readonly #scope: Scope
  readonly #pendingConditions = new Set<string>()
  readonly #handlers: Record<string, Handler>

  constructor(scope: Scope) {
    this.#scope = scope
    this.#handlers = {
      Ref: (argument, path) => this.#ref(argument, path),
      'Fn::GetAtt': (argument, path) => this.#getAtt(argument, path),
      'Fn::Sub': (argument, path) => this.#sub(argument, path),
      'Fn::Join': (argument, path) => this.#join(argument, path),
      'Fn::Split': (argument, path) => this.#split(argument, path),
      'Fn::Select': (argument, path) => this.#select(argument, path),
      'Fn::FindInMap': (argument, path) => this.#findInMap(argument, path),
      'Fn::If': (argument, path) => this.#if(argument, path),
      'Fn::ImportValue': (argument, path) => this.#importValue(argument, path),
    }
  }

  value(value: unknown, path: Path): unknown {
    if (Array.isArray(value)) {
      return value
        .map((item, index) => this.value(item, [...path, index]))
        .filter((item) => item !== NO_VALUE)
    }
    if (!isObject(value)) return value
    // A lone `Condition` member is an ordinary object here: as an intrinsic it only occurs inside conditions.
    if (isIntrinsic(value) && !('Condition' in value)) return this.#intrinsic(value, path)
    return this.#members(value, path)
  }

  condition(expression: unknown, path: Path): boolean {
    if (typeof expression === 'string') return this.#named(expression, path)
    const [name, argument] = Object.entries(objectOrEmpty(expression))[0] ?? []
    const at = name === undefined ? path : [...path, name]
    const parts = Array.isArray(argument) ? argument : []
    if (name === 'Condition') return this.#named(String(argument), at)
    if (name === 'Fn::And') return this.#conditions(parts, at).every(Boolean)
    if (name === 'Fn::Or') return this.#conditions(parts, at).some(Boolean)
    if (name === 'Fn::Not') return !this.condition(parts[0], [...at, 0])
    if (name === 'Fn::Equals') return this.#equal(parts, at)
    this.#problem(
      path,
      `expected a condition (Fn::Equals, Fn::And, Fn::Or, Fn::Not, Condition), got ${name ?? typeof expression}`,
    )
    return false
  }

  #conditions(parts: unknown[], path: Path): boolean[] {
    return parts.map((part, index) => this.condition(part, [...path, index]))
  }

  #equal(parts: unknown[], path: Path): boolean {
    const [left, right] = parts.map((part, index) => this.value(part, [...path, index]))
    return JSON.stringify(textOf(left)) === JSON.stringify(textOf(right))
  }

  #named(name: string, path: Path): boolean {
    const conditions = objectOrEmpty(this.#scope.body.Conditions)
    if (!(name in conditions)) {
      this.#problem(path, `there is no condition ${name}`, 'declare it under Conditions')
      return false
    }
    if (this.#pendingConditions.has(name)) {
      this.#problem(path, `condition ${name} refers to itself`)
      return false
    }
    this.#pendingConditions.add(name)
    const holds = this.condition(conditions[name], ['Conditions', name])
    this.#pendingConditions.delete(name)
    return holds
  }

  #members(object: JsonObject, path: Path): JsonObject {
    const entries = Object.entries(object).map(
      ([key, value]) => [key, this.value(value, [...path, key])] as const,
    )
    return Object.fromEntries(entries.filter(([, value]) => value !== NO_VALUE))
  }

  #intrinsic(object: JsonObject, path: Path): unknown {
    const [name, argument] = Object.entries(object)[0] ?? ['', undefined]
    const handler = Object.hasOwn(this.#handlers, name) ? this.#handlers[name] : undefined
    if (handler) return handler(argument, [...path, name])
    return this.#problem(
      [...path, name],
      `${name} is not supported locally`,
      `supported: ${Object.keys(this.#handlers).join(', ')}`,
    )
  }

  #ref(argument: unknown, path: Path): unknown {
    if (argument === 'AWS::NoValue') return NO_VALUE
    const value = this.#scope.ref(String(argument))
    if (value !== undefined) return value
    const parameters = objectOrEmpty(this.#scope.body.Parameters)
    if (String(argument) in parameters) {
      return this.#problem(
        path,
        `parameter ${argument} has no value`,
        `pass --parameter ${argument}=<value>, or give it a Default`,
      )
    }
    return this.#problem(path, `Ref ${argument}: there is no parameter or resource of that name`)
  }

  #getAtt(argument: unknown, path: Path): unknown {
    const [logicalId, attribute] = attributeName(this.value(argument, path))
    const value = this.#scope.attribute(logicalId, attribute)
    if (value !== undefined) return value
    return this.#problem(
      path,
      `Fn::GetAtt ${logicalId}.${attribute} is not known locally`,
      'local are: functions (Arn), function URLs, and the attributes of the router',
    )
  }

  #sub(argument: unknown, path: Path): unknown {
    const [text, own] = Array.isArray(argument) ? argument : [argument, {}]
    if (typeof text !== 'string') return this.#problem(path, 'Fn::Sub needs a text')
    const variables = objectOrEmpty(own)
    return text.replace(/\$\{(!?)([^}]*)\}/g, (_, literal: string, inner: string) => {
      if (literal) return `\${${inner}}`
      return String(textOf(this.#variable(inner.trim(), variables, path)))
    })
  }

  #variable(name: string, variables: JsonObject, path: Path): unknown {
    if (Object.hasOwn(variables, name)) return this.value(variables[name], [...path, 1, name])
    return name.includes('.') ? this.#getAtt(name, path) : this.#ref(name, path)
  }

  #join(argument: unknown, path: Path): unknown {
    const [separator, list] = this.#list(argument, path)
    if (typeof separator !== 'string' || !Array.isArray(list))
      return this.#problem(path, 'Fn::Join needs [separator, [values]]')
    return list.map(textOf).join(separator)
  }

  #split(argument: unknown, path: Path): unknown {
    const [separator, text] = this.#list(argument, path)
    if (typeof separator !== 'string' || typeof text !== 'string')
      return this.#problem(path, 'Fn::Split needs [separator, text]')
    return text.split(separator)
  }

  #select(argument: unknown, path: Path): unknown {
    const [index, list] = this.#list(argument, path)
    const value = Array.isArray(list) ? list[Number(index)] : undefined
    return value ?? this.#problem(path, `Fn::Select: the list has no entry ${index}`)
  }

  #findInMap(argument: unknown, path: Path): unknown {
    const [map, first, second] = this.#list(argument, path).map(String)
    const level = objectOrEmpty(objectOrEmpty(this.#scope.body.Mappings)[map ?? ''])
    const value = objectOrEmpty(level[first ?? ''])[second ?? '']
    return value ?? this.#problem(path, `Fn::FindInMap: Mappings has no ${map}.${first}.${second}`)
  }

  #if(argument: unknown, path: Path): unknown {
    if (!Array.isArray(argument) || argument.length !== 3)
      return this.#problem(path, 'Fn::If needs [condition, then, else]')
    const branch = this.#named(String(argument[0]), path) ? 1 : 2
    return this.value(argument[branch], [...path, branch])
  }

  #importValue(argument: unknown, path: Path): unknown {
    const name = String(this.value(argument, path))
    return (
      this.#scope.importValue(name) ??
      this.#problem(path, `Fn::ImportValue ${name}: nothing exports it locally`)
    )
  }

  #list(argument: unknown, path: Path): unknown[] {
    const list = this.value(argument, path)
    return Array.isArray(list) ? list : []
  }

  #problem(path: Path, message: string, remedy?: string): undefined {
    const place = this.#scope.place(path)
    this.findings.push(remedy === undefined ? { message, place } : { message, place, remedy })
    return undefined
  }
}

function attributeName(argument: unknown): [string, string] {
  const parts = Array.isArray(argument) ? argument.map(String) : String(argument).split('.')
  return [parts[0] ?? '', parts.slice(1).join('.')]
}

/** CloudFormation compares and joins scalars as text. */
function textOf(value: unknown): unknown {
  if (typeof value === 'number' || typeof value === 'boolean') return String(value)
  return value
}
