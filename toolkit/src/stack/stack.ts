import { type Finding, throwFindings } from '../errors.ts'
import { entriesOf, type JsonObject, objectOrEmpty } from '../json.ts'
import {
  type FunctionResource,
  type FunctionSettings,
  findFunctions,
  functionName,
  functionSettings,
} from '../template/functions.ts'
import { findLayers, type LayerResource } from '../template/layers.ts'
import { readDocument, type SourceDocument } from '../template/read.ts'
import { type StackIdentity, stackIdentity } from './identity.ts'
import { LocalScope } from './local-scope.ts'
import { parameterValues } from './parameters.ts'

/** The resource type that the macro expands. */
export const ROUTER_TYPE = 'Lpr::Router::Service'

/** What the command line says about the stack. */
export interface StackOptions {
  templateFile: string
  stackName: string
  region: string
  /** Parameter values, by name. */
  overrides: Map<string, string>
}

/** A template that was read, with the meaning of its names on this machine. */
export interface Stack {
  document: SourceDocument
  identity: StackIdentity
  parameters: JsonObject
  scope: LocalScope
  bucketName: string
  functions: FunctionResource[]
  /** Layers whose contents are on this machine, by their local ARNs. */
  layers: Map<string, LayerResource>
  /** Logical ids of the routers. */
  routerIds: string[]
}

/** Reads a template and finds its functions. Throws a FindingsError. */
export function readStack(options: StackOptions): Stack {
  const identity = stackIdentity(options.stackName, options.region)
  const document = readDocument(options.templateFile)
  const parameters = parameterValues(document, options.overrides)
  const bucketName = `lpr-config-${identity.accountId}-${identity.region}`
  const scope = new LocalScope(document, identity, parameters, bucketName)
  const findings: Finding[] = []
  const functions = findFunctions(document, scope, findings)
  const layers = findLayers(document, scope, findings)
  throwFindings(findings)
  for (const fn of functions) scope.addFunction(fn.logicalId, functionName(fn, identity.stackName, scope))
  const layersByArn = new Map(layers.map((layer) => [scope.addLayer(layer.logicalId), layer]))
  const routerIds = entriesOf(document.body.Resources)
    .filter(([, resource]) => objectOrEmpty(resource).Type === ROUTER_TYPE)
    .map(([logicalId]) => logicalId)
  return { document, identity, parameters, scope, bucketName, functions, layers: layersByArn, routerIds }
}

/** Resolves what running the functions needs; mistakes are added to `findings`. */
export function resolveFunctions(stack: Stack, findings: Finding[]): FunctionSettings[] {
  const { document, identity, scope } = stack
  return stack.functions.map((fn) =>
    functionSettings(fn, functionName(fn, identity.stackName, scope), document, scope, findings),
  )
}
