import { Readable } from 'node:stream'
import { pause, type Scope, type ScriptContext } from './script-pauses.ts'

type Fields = Record<string, unknown>

/** Makes the value that a script describes: JSON as it is, but for objects whose one key begins with `$`. */
export function evaluate(value: unknown, scope: Scope): unknown {
  if (Array.isArray(value)) return value.map((one) => evaluate(one, scope))
  if (typeof value !== 'object' || value === null) return value
  const [operator] = Object.keys(value)
  if (operator?.startsWith('$')) return operate(operator, value as Fields, scope)
  return Object.fromEntries(Object.entries(value).map(([key, one]) => [key, evaluate(one, scope)]))
}

/** Values that need nothing of the event: bytes and long or broken texts, in expectations as well as in scripts. */
export function constant(operator: string, fields: Fields): unknown {
  const operand = fields[operator]
  if (operator === '$base64') return Uint8Array.from(Buffer.from(String(operand), 'base64'))
  if (operator === '$repeat' && Array.isArray(operand)) return String(operand[0]).repeat(Number(operand[1]))
  if (operator === '$utf16') {
    const units = String(operand).split(' ')
    return String.fromCharCode(...units.map((unit) => Number.parseInt(unit, 16)))
  }
  throw new Error(`script: unknown value ${operator}`)
}

function operate(operator: string, fields: Fields, scope: Scope): unknown {
  const operand = fields[operator]
  switch (operator) {
    case '$nothing':
      return undefined
    case '$number':
      return Number(operand)
    case '$opaque':
      return () => {}
    case '$unprintable':
      return { toString: unprintable, toJSON: unprintable }
    case '$event':
      return String(operand).split('.').reduce<unknown>(member, scope.event) ?? null
    case '$context':
      return ofContext(String(operand), scope.context)
    case '$remainingWithin':
      return isWithin(scope.context.getRemainingTimeInMillis?.(), operand)
    case '$stream':
      return stream(operand as unknown[], String(fields.as ?? 'async'), scope)
    default:
      return constant(operator, fields)
  }
}

function unprintable(): never {
  throw new Error('this value cannot be printed')
}

function member(value: unknown, name: string): unknown {
  return typeof value === 'object' && value !== null ? (value as Fields)[name] : undefined
}

function ofContext(name: string, context: ScriptContext): unknown {
  if (name === 'requestId') return context.awsRequestId
  if (name === 'functionName') return context.functionName
  if (name === 'cancelled') return context.signal?.aborted === true
  throw new Error(`script: unknown part of the context ${name}`)
}

function isWithin(value: number | undefined, bounds: unknown): boolean {
  const [low, high] = bounds as [number, number]
  return value !== undefined && value >= low && value <= high
}

function stream(parts: unknown[], kind: string, scope: Scope): unknown {
  if (kind === 'async') return asyncStream(parts, scope)
  if (kind === 'sync') return syncStream(parts, scope)
  if (kind === 'node') return Readable.from(asyncStream(parts, scope))
  if (kind === 'web') return Readable.toWeb(Readable.from(asyncStream(parts, scope)))
  throw new Error(`script: unknown kind of stream ${kind}`)
}

async function* asyncStream(parts: unknown[], scope: Scope): AsyncGenerator<unknown> {
  for (const part of parts) {
    const step = stepOf(part)
    if (step) await pause(step, scope)
    else yield piece(part, scope)
  }
}

function* syncStream(parts: unknown[], scope: Scope): Generator<unknown> {
  for (const part of parts) {
    if (stepOf(part)) throw new Error('script: a synchronous stream cannot wait')
    yield piece(part, scope)
  }
}

function piece(part: unknown, scope: Scope): unknown {
  if (typeof part === 'object' && part !== null && '$throw' in part) throw new Error(String(part.$throw))
  return evaluate(part, scope)
}

const PAUSES = ['$delayMs', '$untilRunning', '$untilFinished', '$untilCancelled', '$hang']

/** The step that a part of a stream stands for, if it is not a piece of it. */
function stepOf(part: unknown): Fields | undefined {
  const [name] = typeof part === 'object' && part !== null ? Object.keys(part) : []
  if (name === undefined || !PAUSES.includes(name)) return undefined
  return { [name.slice(1)]: (part as Fields)[name] }
}
