import { join } from 'node:path'
import { type Finding, throwFindings } from '../errors.ts'
import type { JsonObject } from '../json.ts'
import {
  type FunctionResource,
  type FunctionSettings,
  findFunctions,
  functionName,
  functionSettings,
} from '../template/functions.ts'
import { readDocument, type SourceDocument } from '../template/read.ts'
import { type StackIdentity, stackIdentity } from './identity.ts'
import { LocalScope } from './local-scope.ts'
import { parameterValues } from './parameters.ts'

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
  throwFindings(findings)
  for (const fn of functions) scope.addFunction(fn.logicalId, functionName(fn, identity.stackName, scope))
  return { document, identity, parameters, scope, bucketName, functions }
}

/** Resolves what running the functions needs; mistakes are added to `findings`. */
export function resolveFunctions(stack: Stack, findings: Finding[]): FunctionSettings[] {
  const { document, identity, scope } = stack
  return stack.functions.map((fn) =>
    functionSettings(fn, functionName(fn, identity.stackName, scope), document, scope, findings),
  )
}

/** Where the bundles of one run are kept under its temporary directory. */
export function bundleDirectory(temporary: string): string {
  return join(temporary, 'functions')
}
