import {
  formatProblems,
  type KeyDimension,
  type Manifest,
  METHODS,
  type Operation,
  parseFunctionArn,
  parseKeyDimension,
  validateManifest,
} from '@lpr/contract'
import { FindingsError } from '../errors.ts'
import { type JsonObject, objectOrEmpty } from '../json.ts'

/** One route of the published config, for people and for probes. */
export interface RouteInfo {
  /** Upper case. */
  method: string
  /** Path template. */
  path: string
  functionName: string
  invokeMode: 'buffered' | 'response_stream'
  maxWaitMs: number
  maxBatchSize: number
  timeoutMs: number
  /** How the wait is found: always the maximum, or by traffic. */
  wait: 'fixed' | 'dynamic' | 'adaptive'
  /** Everything that a request's batch depends on, the tenant included. */
  key: KeyDimension[]
  /** Query values that the operation's OpenAPI `parameters` give as examples, for probes and for what to try. */
  exampleQuery: [name: string, value: string][]
}

/** Routes of a publisher's properties, in their order, with every default filled in. */
export function routesOf(publisherProperties: JsonObject): RouteInfo[] {
  const { RouterConfig, Spec } = publisherProperties
  const { manifest, problems } = validateManifest({ ...objectOrEmpty(RouterConfig), Spec })
  if (manifest === undefined)
    throw new FindingsError(formatProblems(problems).map((message) => ({ message })))
  return Object.entries(manifest.Spec.paths).flatMap(([path, item]) =>
    METHODS.flatMap((method) => {
      const operation = item[method]
      return operation === undefined ? [] : [routeInfo(manifest, method, path, operation)]
    }),
  )
}

function routeInfo(manifest: Manifest, method: string, path: string, operation: Operation): RouteInfo {
  const settings = operation['x-lpr']
  const target = operation['x-target-lambda']
  const tenant = settings.tenantId === undefined ? [] : [settings.tenantId]
  return {
    method: method.toUpperCase(),
    path,
    functionName: parseFunctionArn(target)?.functionName ?? target,
    invokeMode: settings.invokeMode,
    maxWaitMs: settings.maxWaitMs,
    maxBatchSize: settings.maxBatchSize,
    timeoutMs: settings.timeoutMs ?? manifest.DefaultTimeoutMs,
    wait: settings.dynamicWait ? 'dynamic' : settings.adaptiveWait ? 'adaptive' : 'fixed',
    key: [...(settings.key ?? manifest.DefaultKey), ...tenant].map(parseKeyDimension).filter(isDimension),
    exampleQuery: exampleQueryOf(operation.parameters),
  }
}

/** https://spec.openapis.org/oas/v3.0.3#parameter-object */
function exampleQueryOf(parameters: unknown): [string, string][] {
  if (!Array.isArray(parameters)) return []
  return parameters
    .map(objectOrEmpty)
    .filter((parameter) => parameter.in === 'query' && parameter.example !== undefined)
    .map(({ name, example }) => [String(name), String(example)])
}

function isDimension(parsed: ReturnType<typeof parseKeyDimension>): parsed is KeyDimension {
  return parsed !== 'implied' && !('error' in parsed)
}
