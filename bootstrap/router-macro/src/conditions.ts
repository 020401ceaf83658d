import { isObject } from '@lpr/contract'
import { UNKNOWN } from './intrinsics.ts'

type Outcome = boolean | typeof UNKNOWN

/**
 * The template's conditions, as far as parameter values decide them. CloudFormation has no values but these for
 * conditions either; what it adds are pseudo parameters, which stay unknown here.
 * https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/intrinsic-function-reference-conditions.html
 */
export class Conditions {
  readonly #declared: Record<string, unknown>
  readonly #resolve: (value: unknown) => unknown
  /** Names under evaluation, so that a circle ends; CloudFormation refuses it. */
  readonly #open = new Set<string>()

  constructor(declared: unknown, resolve: (value: unknown) => unknown) {
    this.#declared = isObject(declared) ? declared : {}
    this.#resolve = resolve
  }

  holds(name: string): Outcome {
    if (this.#open.has(name) || !Object.hasOwn(this.#declared, name)) return UNKNOWN
    this.#open.add(name)
    const outcome = this.#evaluate(this.#declared[name])
    this.#open.delete(name)
    return outcome
  }

  #evaluate(node: unknown): Outcome {
    if (!isObject(node)) return UNKNOWN
    if (typeof node.Condition === 'string') return this.holds(node.Condition)
    const [operation, parts] = Object.entries(node)[0] ?? []
    if (!Array.isArray(parts)) return UNKNOWN
    switch (operation) {
      case 'Fn::Equals':
        return this.#equals(parts[0], parts[1])
      case 'Fn::Not':
        return not(this.#evaluate(parts[0]))
      case 'Fn::And':
        return not(any(parts.map((part) => not(this.#evaluate(part)))))
      case 'Fn::Or':
        return any(parts.map((part) => this.#evaluate(part)))
      default:
        return UNKNOWN
    }
  }

  #equals(left: unknown, right: unknown): Outcome {
    const [a, b] = [this.#resolve(left), this.#resolve(right)]
    if (!isScalar(a) || !isScalar(b)) return UNKNOWN
    return String(a) === String(b)
  }
}

function isScalar(value: unknown): value is string | number | boolean {
  return ['string', 'number', 'boolean'].includes(typeof value)
}

function not(outcome: Outcome): Outcome {
  return outcome === UNKNOWN ? UNKNOWN : !outcome
}

function any(outcomes: Outcome[]): Outcome {
  if (outcomes.includes(true)) return true
  return outcomes.includes(UNKNOWN) ? UNKNOWN : false
}
