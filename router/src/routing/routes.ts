import {
  type BatchSettings,
  type FunctionArn,
  type KeyDimension,
  type Manifest,
  METHODS,
  type Operation,
  type PathTemplate,
  parseFunctionArn,
  parseKeyDimension,
  parsePathTemplate,
} from '@lpr/contract'

/** One operation of the spec, with every default resolved. */
export interface Route {
  /** `METHOD /template`, as it appears in events, logs and metrics. */
  routeKey: string
  /** Upper case. */
  method: string
  template: PathTemplate
  target: FunctionArn
  settings: BatchSettings
  key: KeyDimension[]
  tenant: KeyDimension | undefined
  timeoutMs: number
  maxBodyBytes: number
  maxQueueDepth: number
}

/** Compiles the spec of a validated manifest; throws if it is not a validated one. */
export function compileRoutes(manifest: Manifest): Route[] {
  return Object.entries(manifest.Spec.paths).flatMap(([path, item]) =>
    METHODS.flatMap((method) => {
      const operation = item[method]
      return operation === undefined ? [] : [compileRoute(manifest, path, method.toUpperCase(), operation)]
    }),
  )
}

function compileRoute(manifest: Manifest, path: string, method: string, operation: Operation): Route {
  const settings = operation['x-lpr']
  const template = parsePathTemplate(path)
  const target = parseFunctionArn(operation['x-target-lambda'])
  if (typeof template === 'string' || target === undefined)
    throw new Error(`${method} ${path}: not validated`)
  return {
    routeKey: `${method} ${path}`,
    method,
    template,
    target,
    settings,
    key: dimensions(settings.key ?? manifest.DefaultKey),
    tenant: dimensions(settings.tenantId === undefined ? [] : [settings.tenantId])[0],
    timeoutMs: settings.timeoutMs ?? manifest.DefaultTimeoutMs,
    maxBodyBytes: settings.maxBodyBytes ?? manifest.MaxBodyBytes,
    maxQueueDepth: settings.maxQueueDepth ?? manifest.MaxQueueDepthPerKey,
  }
}

function dimensions(entries: string[]): KeyDimension[] {
  return entries
    .map(parseKeyDimension)
    .filter((dimension) => dimension !== 'implied' && !('error' in dimension)) as KeyDimension[]
}
