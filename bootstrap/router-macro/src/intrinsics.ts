import { isDeepStrictEqual } from 'node:util'
import { isIntrinsic, isObject } from '@lpr/contract'
import type { JsonObject } from './template.ts'

/** Stands for a value that only CloudFormation will know. */
export const UNKNOWN: unique symbol = Symbol('known at deployment only')

/** `{Ref: AWS::NoValue}`: CloudFormation drops the key or list entry that holds it. */
export const NO_VALUE: Readonly<JsonObject> = { Ref: 'AWS::NoValue' }

/** Whether a value counts as not given. */
export function isAbsent(value: unknown): boolean {
  return value === undefined || value === null || (isObject(value) && value.Ref === NO_VALUE.Ref)
}

/** `[condition, then, else]` of a well-formed `Fn::If`. */
export function asIf(value: unknown): [string, unknown, unknown] | undefined {
  if (!isObject(value) || !isIntrinsic(value)) return undefined
  const parts = value['Fn::If']
  if (!Array.isArray(parts) || parts.length !== 3 || typeof parts[0] !== 'string') return undefined
  return [parts[0], parts[1], parts[2]]
}

/** Applies `change` to a value, or to every branch if the value is an `Fn::If`; equal branches become one. */
export function mapBranches(value: unknown, change: (leaf: unknown) => unknown): unknown {
  const parts = asIf(value)
  if (parts === undefined) return change(value)
  const [condition, yes, no] = parts
  const [a, b] = [mapBranches(yes, change), mapBranches(no, change)]
  return isDeepStrictEqual(a, b) ? a : { 'Fn::If': [condition, a, b] }
}

/** The value itself, or every branch of an `Fn::If`. */
export function branches(value: unknown): unknown[] {
  const parts = asIf(value)
  return parts === undefined ? [value] : [...branches(parts[1]), ...branches(parts[2])]
}

/** Whether a value is there whatever conditions say. */
export function isFixed(value: unknown): boolean {
  return !branches(value).some(isAbsent)
}

/** Puts `fallback` wherever a value, or a branch of it, is absent. */
export function withDefault(value: unknown, fallback: unknown): unknown {
  return mapBranches(value, (leaf) => (isAbsent(leaf) ? fallback : leaf))
}

/** A list entry that disappears in the branches in which `value` is absent; undefined if it is absent in all. */
export function listEntry(value: unknown, entry: (leaf: unknown) => unknown): unknown {
  if (isFixed(value)) return entry(value)
  const mapped = mapBranches(value, (leaf) => (isAbsent(leaf) ? NO_VALUE : entry(leaf)))
  return isAbsent(mapped) ? undefined : mapped
}

/** Text and variables of an `Fn::Sub`, in order. `${!Name}` is the text `${Name}`. */
export function subParts(text: string): ({ text: string } | { variable: string })[] {
  const parts: ({ text: string } | { variable: string })[] = []
  let end = 0
  for (const match of text.matchAll(/\$\{([^}]*)\}/g)) {
    if (match.index > end) parts.push({ text: text.slice(end, match.index) })
    const name = match[1] ?? ''
    parts.push(name.startsWith('!') ? { text: `\${${name.slice(1)}}` } : { variable: name })
    end = match.index + match[0].length
  }
  if (end < text.length) parts.push({ text: text.slice(end) })
  return parts
}

/** Template and local variables of an `Fn::Sub`, in either spelling. */
export function asSub(value: unknown): { text: string; variables: JsonObject } | undefined {
  if (!isObject(value) || !isIntrinsic(value)) return undefined
  const body = value['Fn::Sub']
  if (typeof body === 'string') return { text: body, variables: {} }
  if (!Array.isArray(body) || typeof body[0] !== 'string') return undefined
  return { text: body[0], variables: isObject(body[1]) ? body[1] : {} }
}
