import { isAbsolute, resolve } from 'node:path'
import type { Finding, Place } from '../errors.ts'
import { entriesOf, type JsonObject, objectOrEmpty } from '../json.ts'
import { withGlobals } from './globals.ts'
import { conditionHolds, resolveIntrinsics, type Scope } from './intrinsics.ts'
import { layerArns } from './layers.ts'
import type { SourceDocument } from './read.ts'

/** A function of the template, before its intrinsics are resolved. */
export interface FunctionResource {
  logicalId: string
  /** Own properties with the template's globals merged in. */
  properties: JsonObject
  metadata: JsonObject
  place: Place
}

/** What `lpr dev` needs to build and run a function. */
export interface FunctionSettings {
  logicalId: string
  /** Physical name: `FunctionName`, or stack name and logical id. */
  name: string
  /** Absolute path of the code as the template names it, before any bundling. */
  codeDir: string
  handler: string
  runtime: string
  environment: Record<string, string>
  timeoutMs: number
  memoryMb: number
  reservedConcurrency?: number
  /** ARNs of the layers, in their order. */
  layers: string[]
  /** `FunctionUrlConfig`, resolved, when the function has one. */
  url?: JsonObject
  /** `Metadata`, as in the template. */
  metadata: JsonObject
  place: Place
}

const TYPE = 'AWS::Serverless::Function'

/** The functions of a template whose condition holds, in the order of the template. */
export function findFunctions(
  document: SourceDocument,
  scope: Scope,
  findings: Finding[],
): FunctionResource[] {
  const globals = objectOrEmpty(document.body.Globals).Function
  return entriesOf(document.body.Resources).flatMap(([logicalId, value]) => {
    const resource = objectOrEmpty(value)
    if (resource.Type !== TYPE) return []
    const path = ['Resources', logicalId]
    const condition = conditionHolds(resource.Condition, [...path, 'Condition'], scope)
    findings.push(...condition.findings)
    if (!condition.holds) return []
    const properties = withGlobals(objectOrEmpty(resource.Properties), globals)
    return [
      {
        logicalId,
        properties,
        metadata: objectOrEmpty(resource.Metadata),
        place: document.places.locate(path),
      },
    ]
  })
}

/** The physical name of a function; enough of it is resolved to answer `Ref` and `Fn::GetAtt`. */
export function functionName(resource: FunctionResource, stackName: string, scope: Scope): string {
  const path = ['Resources', resource.logicalId, 'Properties', 'FunctionName']
  const { value } = resolveIntrinsics(resource.properties.FunctionName, path, scope)
  return typeof value === 'string' && value !== '' ? value : `${stackName}-${resource.logicalId}`
}

/** Resolves the properties that running a function needs, and no others. Mistakes are added to `findings`. */
export function functionSettings(
  resource: FunctionResource,
  name: string,
  document: SourceDocument,
  scope: Scope,
  findings: Finding[],
): FunctionSettings {
  const { logicalId, properties, metadata, place } = resource
  const read = (key: string): unknown => {
    const path = ['Resources', logicalId, 'Properties', key]
    const resolved = resolveIntrinsics(properties[key], path, scope)
    findings.push(...resolved.findings)
    return resolved.value
  }
  const text = (key: string, remedy: string): string => {
    const before = findings.length
    const value = read(key)
    if (typeof value === 'string' && value !== '') return value
    if (findings.length === before)
      findings.push({ message: `${logicalId}: ${key} is missing`, place, remedy })
    return ''
  }
  const reserved = read('ReservedConcurrentExecutions')
  const url =
    properties.FunctionUrlConfig === undefined ? undefined : objectOrEmpty(read('FunctionUrlConfig'))
  return {
    logicalId,
    name,
    codeDir: codeDirectory(read('CodeUri'), document.dir),
    handler: text('Handler', 'add Handler: <file>.<export> to the function or to Globals'),
    runtime: text('Runtime', 'add Runtime: nodejs24.x to the function or to Globals'),
    environment: environmentOf(read('Environment')),
    timeoutMs: numberOr(read('Timeout'), 3) * 1000,
    memoryMb: numberOr(read('MemorySize'), 128),
    ...(reserved === undefined ? {} : { reservedConcurrency: numberOr(reserved, 0) }),
    layers: layerArns(properties.Layers, ['Resources', logicalId, 'Properties', 'Layers'], scope),
    ...(url === undefined ? {} : { url }),
    metadata,
    place,
  }
}

function codeDirectory(codeUri: unknown, templateDir: string): string {
  const path = typeof codeUri === 'string' ? codeUri : '.'
  return isAbsolute(path) ? path : resolve(templateDir, path)
}

/** Lambda knows text only, so numbers and booleans become text as CloudFormation makes them. */
function environmentOf(value: unknown): Record<string, string> {
  const variables = entriesOf(objectOrEmpty(value).Variables)
  return Object.fromEntries(variables.map(([name, content]) => [name, String(content ?? '')]))
}

function numberOr(value: unknown, otherwise: number): number {
  const number = Number(value ?? otherwise)
  return Number.isFinite(number) ? number : otherwise
}
