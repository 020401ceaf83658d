import { coerce } from './coerce.ts'
import schema from './generated/manifest-schema.js'
import type { Manifest } from './generated/manifest-types.ts'
import { isIntrinsic, isObject } from './json.ts'
import type { Problem } from './problems.ts'
import { checkRules } from './rules.ts'
import { schemaProblems } from './schema-problems.ts'

export interface ValidateOptions {
  /** Accept CloudFormation intrinsics (`{Ref: ...}`, `{'Fn::...': ...}`) wherever a value is not known yet. */
  intrinsics?: boolean
}

export interface ValidationResult {
  /** Empty when the manifest is good. All mistakes at once, in the order of the document. */
  problems: Problem[]
  /** The manifest with numeric strings turned into numbers and defaults filled in; undefined if there are problems. */
  manifest: Manifest | undefined
}

type Segments = (string | number)[]
export type Located = { segments: Segments; message: string }

/** Validates a manifest against the shared schema and the rules that a schema cannot say. Never throws. */
export function validateManifest(document: unknown, options: ValidateOptions = {}): ValidationResult {
  const manifest = coerce(document, schema)
  const found = schemaProblems(manifest)
  if (isObject(manifest)) found.push(...checkRules(manifest))
  const kept = options.intrinsics
    ? found.filter(({ segments }) => !underIntrinsic(document, segments))
    : found
  const problems = inDocumentOrder(document, kept).map(toProblem)
  return { problems, manifest: kept.length === 0 ? (manifest as Manifest) : undefined }
}

function toProblem({ segments, message }: Located): Problem {
  return { path: segments.join('.'), message }
}

function underIntrinsic(document: unknown, segments: Segments): boolean {
  let node = document
  for (const segment of segments) {
    if (isIntrinsic(node)) return true
    node = isObject(node) || Array.isArray(node) ? (node as Record<string, unknown>)[segment] : undefined
  }
  return isIntrinsic(node)
}

/** Sorts by where in the document each path stands; what is missing comes before what its parent holds. */
function inDocumentOrder(document: unknown, found: Located[]): Located[] {
  const position = (segments: Segments): number[] => {
    let node = document
    return segments.map((segment) => {
      const keys = isObject(node) || Array.isArray(node) ? Object.keys(node) : []
      node = (node as Record<string, unknown> | undefined)?.[segment]
      return keys.indexOf(String(segment))
    })
  }
  const keyed = found.map((entry) => ({ entry, at: position(entry.segments) }))
  return keyed.sort((a, b) => comparePositions(a.at, b.at)).map(({ entry }) => entry)
}

function comparePositions(a: number[], b: number[]): number {
  for (const [index, value] of a.entries()) {
    const other = b[index]
    if (other === undefined) return 1
    if (value !== other) return value - other
  }
  return a.length - b.length
}
