import { join } from 'node:path'
import { type Bundle, bundleFunctions } from '../bundle/bundle.ts'
import { type BuiltLayer, buildLayers, mergeLayers } from '../bundle/layers.ts'
import { type Finding, FindingsError, findingsOf, throwFindings } from '../errors.ts'
import type { JsonObject } from '../json.ts'
import type { LocalFunction } from '../local-lambda/index.ts'
import { expandTemplate } from '../stack/macro.ts'
import { findRouter, type RouterResources } from '../stack/router-resources.ts'
import { resolveFunctions, type Stack } from '../stack/stack.ts'
import type { FunctionSettings } from '../template/functions.ts'

/** A function that was built and can be run. */
export interface BuiltFunction {
  settings: FunctionSettings
  bundle: Bundle
  /** What its layers put under `/opt`. */
  optDir: string | undefined
}

/** A template that is good so far: expanded, resolved and built, but not published. */
export interface Prepared {
  stack: Stack
  expanded: JsonObject
  router: RouterResources
  /** By logical id. */
  functions: Map<string, BuiltFunction>
  layers: BuiltLayer[]
  /** Directory of the bundles. */
  outputDir: string
}

export interface PrepareOptions {
  stack: Stack
  /** Directory for the bundles. */
  outputDir: string
  /** Logical id of the router to run, if the template has several. */
  router: string | undefined
  onLog: (line: string) => void
  /** What long builds say while they run. */
  onBuild: (line: string) => void
}

/** Does everything that can find a mistake before anything is started, and throws all mistakes at once. */
export async function prepare(options: PrepareOptions): Promise<Prepared> {
  const { stack, outputDir, router, onLog, onBuild } = options
  const findings: Finding[] = []
  const settings = resolveFunctions(stack, findings)
  const [built, layers, expanded] = await Promise.all([
    bundleFunctions(settings, outputDir, onBuild),
    buildLayers([...stack.layers.values()], outputDir),
    collected(() => expandTemplate(stack, onLog), findings),
  ])
  findings.push(...built.findings, ...layers.findings)
  const resources = expanded && (await collected(() => findRouter(stack, expanded, router), findings))
  throwFindings(findings)
  if (expanded === undefined || resources === undefined) throw new Error('nothing was prepared')
  const withLayers = (one: FunctionSettings) => optDirOf(one, stack, layers.built, outputDir)
  const functions = together(settings, built.bundles, withLayers)
  return { stack, expanded, router: resources, functions, layers: layers.built, outputDir }
}

/** The function as the local Lambda wants it. */
export function localFunction({ settings, bundle, optDir }: BuiltFunction): LocalFunction {
  const { name, handler, runtime, environment, timeoutMs, memoryMb, reservedConcurrency } = settings
  return {
    name,
    codeDir: bundle.codeDir,
    handler,
    runtime,
    environment,
    timeoutMs,
    memoryMb,
    ...(reservedConcurrency === undefined ? {} : { reservedConcurrency }),
    ...(optDir === undefined ? {} : { optDir }),
  }
}

/** Layers that are not on this machine, as one note per function. */
export function layerNotes({ stack, functions }: Prepared): string[] {
  return [...functions.values()].flatMap(({ settings: { logicalId, layers } }) => {
    const missing = layers.filter((arn) => !stack.layers.has(arn))
    return missing.length === 0
      ? []
      : [`${logicalId} runs without ${missing.join(', ')}: only layers of the template are local`]
  })
}

function optDirOf(
  { logicalId, layers }: FunctionSettings,
  stack: Stack,
  built: BuiltLayer[],
  outputDir: string,
): string | undefined {
  const own = layers.flatMap((arn) => built.find(({ resource }) => resource === stack.layers.get(arn)) ?? [])
  return mergeLayers(own, join(outputDir, 'opt', logicalId))
}

function together(
  settings: FunctionSettings[],
  bundles: Map<string, Bundle>,
  optDir: (one: FunctionSettings) => string | undefined,
): Map<string, BuiltFunction> {
  return new Map(
    settings.flatMap((one) => {
      const bundle = bundles.get(one.logicalId)
      return bundle ? [[one.logicalId, { settings: one, bundle, optDir: optDir(one) }] as const] : []
    }),
  )
}

async function collected<T>(run: () => T | Promise<T>, findings: Finding[]): Promise<T | undefined> {
  try {
    return await run()
  } catch (error) {
    if (!(error instanceof FindingsError)) throw error
    findings.push(...findingsOf(error))
    return undefined
  }
}
