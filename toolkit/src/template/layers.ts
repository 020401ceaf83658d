import { resolve } from 'node:path'
import type { Finding, Place } from '../errors.ts'
import { entriesOf, type JsonObject, objectOrEmpty } from '../json.ts'
import { conditionHolds, resolveIntrinsics, type Scope } from './intrinsics.ts'
import type { SourceDocument } from './read.ts'

/** A layer whose contents are on this machine. */
export interface LayerResource {
  logicalId: string
  /** Absolute path of the contents as the template names them, before any build. */
  contentDir: string
  /** `Metadata`, as in the template. */
  metadata: JsonObject
  place: Place
}

/** Where each kind of layer has its contents. A layer in S3 has an object there, and is not local. */
const CONTENT: Record<string, string> = {
  'AWS::Serverless::LayerVersion': 'ContentUri',
  'AWS::Lambda::LayerVersion': 'Content',
}

/** The layers of a template whose condition holds and whose contents are local, in the order of the template. */
export function findLayers(document: SourceDocument, scope: Scope, findings: Finding[]): LayerResource[] {
  return entriesOf(document.body.Resources).flatMap(([logicalId, value]) => {
    const resource = objectOrEmpty(value)
    const key = CONTENT[String(resource.Type)]
    if (key === undefined) return []
    const path = ['Resources', logicalId]
    const condition = conditionHolds(resource.Condition, [...path, 'Condition'], scope)
    findings.push(...condition.findings)
    const given = objectOrEmpty(resource.Properties)[key]
    const content = resolveIntrinsics(given, [...path, 'Properties', key], scope).value
    if (!condition.holds || typeof content !== 'string' || content.startsWith('s3://')) return []
    return [
      {
        logicalId,
        contentDir: resolve(document.dir, content),
        metadata: objectOrEmpty(resource.Metadata),
        place: document.places.locate(path),
      },
    ]
  })
}

/** The ARNs in a function's `Layers`; what cannot be known locally is named as the template has it. */
export function layerArns(layers: unknown, path: (string | number)[], scope: Scope): string[] {
  const { value } = resolveIntrinsics(layers, path, scope)
  if (!Array.isArray(layers)) return Array.isArray(value) ? value.map(String) : []
  return layers.flatMap((layer, index) => {
    const resolved = resolveIntrinsics(layer, [...path, index], scope)
    if (resolved.findings.length > 0) return [JSON.stringify(layer)]
    return resolved.value === undefined ? [] : [String(resolved.value)]
  })
}
