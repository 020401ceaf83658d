import { isIntrinsic, isObject, show, suggest, unknownKey } from '@lpr/contract'
import { branches, isAbsent, UNKNOWN } from './intrinsics.ts'
import type { Report } from './problems.ts'
import type { Scope } from './scope.ts'
import type { JsonObject } from './template.ts'

/** What a property has to look like. Intrinsics pass: their value is not known yet. */
export type Shape =
  | { type: 'string'; pattern: RegExp; expected: string }
  | { type: 'choice'; values: readonly string[] }
  | { type: 'integer'; min: number; max: number }
  | { type: 'boolean' }
  | { type: 'list'; items: Shape; min: number; max: number }
  | { type: 'map'; fields: Fields; open: boolean }
  /** Judged elsewhere. */
  | { type: 'any' }
  /** Known, but not to be had here. */
  | { type: 'refused'; reason: string }

export interface Field {
  shape: Shape
  required?: boolean
  /**
   * What the macro itself has to know: the keys of a map that it takes apart, a value that decides what is made, or
   * at least each branch of it.
   */
  known?: 'keys' | 'value' | 'branches'
}
export type Fields = Record<string, Field>

export const text = (pattern = /./s, expected = 'a string that is not empty'): Shape => ({
  type: 'string',
  pattern,
  expected,
})
export const choice = (...values: string[]): Shape => ({ type: 'choice', values })
export const integer = (min: number, max = Number.MAX_SAFE_INTEGER): Shape => ({ type: 'integer', min, max })
export const refused = (reason: string): Field => ({ shape: { type: 'refused', reason } })
export const boolean: Shape = { type: 'boolean' }
export const any: Shape = { type: 'any' }
export const list = (items: Shape, min = 0, max = Number.MAX_SAFE_INTEGER): Shape => ({
  type: 'list',
  items,
  min,
  max,
})
export const map = (fields: Fields): Shape => ({ type: 'map', fields, open: false })
/** A map with names of the user's own. */
export const openMap: Shape = { type: 'map', fields: {}, open: true }

export const optional = (shape: Shape): Field => ({ shape })
export const required = (shape: Shape): Field => ({ shape, required: true })
export const writtenOut = (shape: Shape): Field => ({ shape, known: 'keys' })

/** The number that a literal stands for, if it is a whole one; numbers may come as strings. */
export function asInteger(value: unknown): number | undefined {
  if (typeof value === 'string' && /^\s*\d+\s*$/.test(value)) return Number(value)
  return Number.isInteger(value) ? (value as number) : undefined
}

/** Reports everything in which a value departs from its shape. */
export function checkShape(value: unknown, shape: Shape, path: string, report: Report): void {
  if (shape.type === 'refused') report(path, shape.reason)
  if (shape.type === 'refused' || isIntrinsic(value)) return
  const expected = mismatch(value, shape)
  if (expected !== undefined) report(path, `must be ${expected}, got ${show(value)}`)
  else if (shape.type === 'map') checkMap(value as JsonObject, shape, path, report)
  else if (shape.type === 'list') checkList(value as unknown[], shape, path, report)
}

/**
 * A copy of a map in which each map that the macro takes apart is written out, if parameters decide what it is.
 * Values stay as they are.
 */
export function writeOut(value: JsonObject, fields: Fields, scope: Scope): JsonObject {
  const entries = Object.entries(value).map(([name, inner]) => {
    const { shape, known } = fields[name] ?? {}
    if (known !== 'keys') return [name, inner]
    const decided = scope.decide(inner)
    const isMap = shape?.type === 'map' && isObject(decided) && !isIntrinsic(decided)
    return [name, isMap ? writeOut(decided, shape.fields, scope) : decided]
  })
  return Object.fromEntries(entries)
}

/** Reports what the macro has to know and cannot. Takes a map as the template has it. */
export function checkKnown(
  value: JsonObject,
  fields: Fields,
  path: string,
  scope: Scope,
  report: Report,
): void {
  for (const [name, { shape, known }] of Object.entries(fields)) {
    const inner = value[name]
    const at = join(path, name)
    if (isAbsent(inner)) continue
    if (known === 'keys' && isIntrinsic(inner))
      report(at, 'must be written out as a map, with intrinsics for its values only')
    const needed = known === 'value' ? [inner] : known === 'branches' ? branches(inner) : []
    if (needed.some((leaf) => scope.resolve(leaf) === UNKNOWN))
      report(at, 'must be known when the template is expanded: a literal, or what parameters decide')
    if (shape.type === 'map' && isObject(inner)) checkKnown(inner, shape.fields, at, scope, report)
  }
}

export function join(path: string, name: string | number): string {
  return path === '' ? String(name) : `${path}.${name}`
}

function checkMap(value: JsonObject, shape: Shape & { type: 'map' }, path: string, report: Report): void {
  const names = Object.keys(shape.fields)
  for (const [name, field] of Object.entries(shape.fields)) {
    const inner = value[name]
    if (!isAbsent(inner)) checkShape(inner, field.shape, join(path, name), report)
    else if (field.required) report(join(path, name), 'is required but missing')
  }
  if (shape.open) return
  for (const name of Object.keys(value)) {
    if (!Object.hasOwn(shape.fields, name)) report(join(path, name), unknownKey(name, names))
  }
}

function checkList(value: unknown[], shape: Shape & { type: 'list' }, path: string, report: Report): void {
  if (value.length < shape.min) report(path, `must have at least ${shape.min} entries, got ${value.length}`)
  if (value.length > shape.max) report(path, `must have at most ${shape.max} entries, got ${value.length}`)
  for (const [index, entry] of value.entries()) checkShape(entry, shape.items, join(path, index), report)
}

/** What was expected, if the value is not it. */
function mismatch(value: unknown, shape: Exclude<Shape, { type: 'refused' }>): string | undefined {
  switch (shape.type) {
    case 'any':
      return undefined
    case 'map':
      return isObject(value) ? undefined : 'a map'
    case 'list':
      return Array.isArray(value) ? undefined : 'a list'
    case 'string':
      return typeof value === 'string' && shape.pattern.test(value) ? undefined : shape.expected
    case 'choice':
      return typeof value === 'string' && shape.values.includes(value)
        ? undefined
        : oneOf(value, shape.values)
    case 'boolean':
      return [true, false, 'true', 'false'].includes(value as string) ? undefined : 'true or false'
    case 'integer': {
      const number = asInteger(value)
      if (number !== undefined && number >= shape.min && number <= shape.max) return undefined
      const limited = shape.max < Number.MAX_SAFE_INTEGER
      return limited ? `an integer from ${shape.min} to ${shape.max}` : `an integer of at least ${shape.min}`
    }
  }
}

function oneOf(value: unknown, values: readonly string[]): string {
  const meant = typeof value === 'string' ? suggest(value, values) : undefined
  return `one of ${values.join(', ')}${meant === undefined ? '' : ` (did you mean ${meant}?)`}`
}
