import { conditionHolds, type Resolved, resolveIntrinsics, type Scope } from 'lpr-toolkit/internals'
import type { Place } from './api-calls.ts'
import { type JsonObject, objectOrEmpty } from './json.ts'
import type { StackResource } from './resource.ts'

export interface ScopeOptions {
  place: Place
  stackName: string
  stackId: string
  template: JsonObject
  parameters: Record<string, string>
  resources: ReadonlyMap<string, StackResource>
  exports: ReadonlyMap<string, unknown>
}

/** What the names in a template of a stack mean. */
export class StackScope {
  readonly #scope: Scope

  constructor(options: ScopeOptions) {
    const { template, resources, exports } = options
    const values = { ...pseudoParameters(options), ...options.parameters }
    this.#scope = {
      body: template,
      ref: (name) => (Object.hasOwn(values, name) ? values[name] : resources.get(name)?.physicalId),
      attribute: (logicalId, name) => resources.get(logicalId)?.attributes[name],
      importValue: (name) => exports.get(name),
      place: (path) => ({ file: path.join('.'), line: 1, column: 1 }),
    }
  }

  /** A value of the template without intrinsics. Throws for every one that means nothing. */
  resolve(value: unknown, path: string[]): unknown {
    const resolved = resolveIntrinsics(value, path, this.#scope)
    throwFindings(resolved)
    return resolved.value
  }

  /** Whether a resource or output exists. */
  exists(entry: unknown, path: string[]): boolean {
    const { holds, findings } = conditionHolds(objectOrEmpty(entry).Condition, path, this.#scope)
    throwFindings({ findings })
    return holds
  }
}

function throwFindings({ findings }: Pick<Resolved, 'findings'>): void {
  if (findings.length === 0) return
  throw new Error(findings.map(({ place, message }) => `${place?.file}: ${message}`).join('; '))
}

function pseudoParameters({ place, stackName, stackId }: ScopeOptions): JsonObject {
  return {
    'AWS::AccountId': place.accountId,
    'AWS::Partition': place.partition,
    'AWS::Region': place.region,
    'AWS::StackId': stackId,
    'AWS::StackName': stackName,
    'AWS::URLSuffix': place.partition === 'aws-cn' ? 'amazonaws.com.cn' : 'amazonaws.com',
  }
}
