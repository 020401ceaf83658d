import { isIntrinsic, isObject, METHODS } from '@lpr/contract'
import { asIf, branches, isAbsent, NO_VALUE } from './intrinsics.ts'
import type { Report } from './problems.ts'
import type { Scope } from './scope.ts'
import type { JsonObject } from './template.ts'

type Level = 'Spec' | 'paths' | 'item' | 'operation'
type Wrap = (target: unknown) => unknown

interface Walk {
  found: { path: string; target: unknown }[]
  report: Report
}

/**
 * Every `x-target-lambda` of a spec as it stands there, each once, in order. Those of conditional routes carry the
 * condition along, for the function may not exist without it.
 */
export function targetsOf(spec: unknown): unknown[] {
  const found = walkSpec(spec, () => undefined)
  return [...new Map(found.map(({ target }) => [JSON.stringify(target), target])).values()]
}

/** Reports routes whose targets the macro cannot see, and targets that give a name instead of an ARN. */
export function checkTargets(spec: unknown, scope: Scope, report: Report): void {
  for (const { path, target } of walkSpec(spec, report)) {
    for (const leaf of branches(target)) checkTarget(leaf, path, scope, report)
  }
}

function walkSpec(spec: unknown, report: Report): Walk['found'] {
  const walk: Walk = { found: [], report }
  collect(spec, 'Spec', 'Spec', (target) => target, walk)
  return walk.found
}

function collect(node: unknown, level: Level, path: string, wrap: Wrap, walk: Walk): void {
  const parts = asIf(node)
  if (parts !== undefined) {
    const [condition, yes, no] = parts
    collect(yes, level, path, (target) => wrap({ 'Fn::If': [condition, target, NO_VALUE] }), walk)
    collect(no, level, path, (target) => wrap({ 'Fn::If': [condition, NO_VALUE, target] }), walk)
  } else if (isIntrinsic(node) && !isAbsent(node)) {
    walk.report(path, 'must be written out, so that the role can allow the functions behind it')
  } else if (isObject(node)) {
    descend(node, level, path, wrap, walk)
  }
}

function descend(node: JsonObject, level: Level, path: string, wrap: Wrap, walk: Walk): void {
  if (level === 'Spec') collect(node.paths, 'paths', `${path}.paths`, wrap, walk)
  if (level === 'paths')
    for (const [name, item] of Object.entries(node)) collect(item, 'item', `${path}.${name}`, wrap, walk)
  if (level === 'item')
    for (const method of METHODS) collect(node[method], 'operation', `${path}.${method}`, wrap, walk)
  const target = level === 'operation' ? node['x-target-lambda'] : undefined
  if (!isAbsent(target)) walk.found.push({ path: `${path}.x-target-lambda`, target: wrap(target) })
}

const FUNCTION_TYPES: unknown[] = ['AWS::Lambda::Function', 'AWS::Serverless::Function']
/** Types whose attributes may be anything, an ARN of a function too. */
const OPEN_TYPES = /^(AWS::CloudFormation::|AWS::Serverless::Application$|AWS::SSM::Parameter$)/

function checkTarget(target: unknown, path: string, scope: Scope, report: Report): void {
  if (!isObject(target)) return
  const { Ref: ref, 'Fn::GetAtt': attribute } = target
  if (typeof ref === 'string' && FUNCTION_TYPES.includes(scope.resourceType(ref)))
    report(path, `!Ref ${ref} is the name of the function, use !GetAtt ${ref}.Arn`)
  const parts: unknown[] = Array.isArray(attribute) ? attribute : String(attribute ?? '').split('.')
  // The name of an attribute may be an intrinsic.
  if (!parts.every((part) => typeof part === 'string')) return
  const [id = '', ...rest] = parts
  checkAttribute(id, rest.join('.'), path, scope, report)
}

/** Reports what is no ARN of a function for certain; what another macro makes of its own types is not known. */
function checkAttribute(id: string, attribute: string, path: string, scope: Scope, report: Report): void {
  const type = scope.resourceType(id) ?? ''
  if (FUNCTION_TYPES.includes(type) && attribute !== 'Arn')
    report(path, `!GetAtt ${id}.${attribute} is no ARN, use !GetAtt ${id}.Arn`)
  const isOther = type.startsWith('AWS::') && !type.includes('::Lambda::') && !FUNCTION_TYPES.includes(type)
  if (isOther && !OPEN_TYPES.test(type)) report(path, `${id} is of type ${type}, not a Lambda function`)
}
