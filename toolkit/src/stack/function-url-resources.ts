import { entriesOf, objectOrEmpty } from '../json.ts'
import { resolveIntrinsics } from '../template/intrinsics.ts'
import type { Stack } from './stack.ts'

/** A function URL of the template. */
export interface FunctionUrlResource {
  /** Logical id of the `AWS::Lambda::Url`, which SAM calls `<function>Url` when it makes one. */
  urlId: string
  /** Logical id of the function behind it. */
  functionId: string
  streaming: boolean
}

/** Function URLs of a template, from `FunctionUrlConfig` and from resources of their own. */
export function functionUrlResources(stack: Stack): FunctionUrlResource[] {
  const configured = stack.functions
    .filter(({ properties }) => properties.FunctionUrlConfig !== undefined)
    .map(({ logicalId, properties }) => {
      return {
        urlId: `${logicalId}Url`,
        functionId: logicalId,
        streaming: isStreaming(properties.FunctionUrlConfig),
      }
    })
  return [...configured, ...ownResources(stack)]
}

function ownResources(stack: Stack): FunctionUrlResource[] {
  const { body } = stack.document
  return entriesOf(body.Resources).flatMap(([urlId, resource]) => {
    const { Type, Properties } = objectOrEmpty(resource)
    if (Type !== 'AWS::Lambda::Url') return []
    const properties = objectOrEmpty(Properties)
    const path = ['Resources', urlId, 'Properties', 'TargetFunctionArn']
    const target = resolveIntrinsics(properties.TargetFunctionArn, path, stack.scope).value
    const fn = stack.functions.find(({ logicalId }) => {
      return target === stack.scope.attribute(logicalId, 'Arn') || target === stack.scope.ref(logicalId)
    })
    return fn ? [{ urlId, functionId: fn.logicalId, streaming: isStreaming(properties) }] : []
  })
}

function isStreaming(properties: unknown): boolean {
  return objectOrEmpty(properties).InvokeMode === 'RESPONSE_STREAM'
}
