import type { Place } from '../errors.ts'
import type { JsonObject } from '../json.ts'
import { pseudoParameters } from '../stack/identity.ts'
import type { Scope } from '../template/intrinsics.ts'
import type { DeployedStack } from './stack.ts'

/**
 * What the names in a deployed template mean, as far as the stack itself tells. What resources are called it does not;
 * routes need them only as targets, so each becomes the ARN of a function named like its logical id.
 */
export class DeployedScope implements Scope {
  readonly body: JsonObject
  readonly #stack: DeployedStack
  readonly #pseudo: Record<string, unknown>
  readonly #arnPrefix: string

  constructor(stack: DeployedStack, template: JsonObject) {
    this.body = template
    this.#stack = stack
    // arn:aws:cloudformation:us-east-1:123456789012:stack/name/id
    const [, partition = 'aws', , region = stack.region, accountId = ''] = stack.id.split(':')
    this.#pseudo = pseudoParameters({
      stackName: stack.name,
      region,
      accountId,
      partition,
      stackId: stack.id,
    })
    this.#arnPrefix = `arn:${partition}:lambda:${region}:${accountId}:function:`
  }

  ref(name: string): unknown {
    if (Object.hasOwn(this.#stack.parameters, name)) return this.#stack.parameters[name]
    return this.#pseudo[name] ?? this.#functionArn(name)
  }

  attribute(logicalId: string): unknown {
    return this.#functionArn(logicalId)
  }

  importValue(name: string): unknown {
    return this.#functionArn(name)
  }

  place(): Place {
    return { file: `the template of ${this.#stack.name}`, line: 1, column: 1 }
  }

  #functionArn(name: string): string {
    return this.#arnPrefix + name.replace(/[^\w-]/g, '-')
  }
}
