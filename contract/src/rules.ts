import { parseListenAddress } from './address.ts'
import { parseFunctionArn } from './arn.ts'
import { isHeaderName, parseKeyDimension } from './batch-key.ts'
import { isObject, type JsonObject } from './json.ts'
import { type PathTemplate, parsePathTemplate } from './path-template.ts'
import { show } from './problems.ts'
import type { Located } from './validate.ts'

/** Paths that the router answers itself. */
export const HEALTH_PATHS: readonly string[] = ['/healthz', '/readyz']
/** Methods as a spec spells them. */
export const METHODS = ['get', 'post', 'put', 'delete', 'patch', 'head', 'options'] as const
export type Method = (typeof METHODS)[number]

/** RFC 9110 section 9.2.2; a retry of these does what one request does. */
const IDEMPOTENT = new Set<string>(['get', 'head', 'options', 'put', 'delete'])

type Report = (segments: (string | number)[], message: string) => void

/**
 * The rules that a schema cannot say: addresses, templates, ARNs, keys, and keys that depend on each other.
 * Takes a coerced document and passes over whatever has the wrong type: the schema has reported that.
 */
export function checkRules(manifest: JsonObject): Located[] {
  const found: Located[] = []
  const report: Report = (segments, message) => found.push({ segments, message })
  checkSettings(manifest, report)
  const paths = isObject(manifest.Spec) ? manifest.Spec.paths : undefined
  if (isObject(paths)) checkPaths(paths, manifest, report)
  return found
}

function checkSettings(manifest: JsonObject, report: Report): void {
  for (const key of ['ListenAddr', 'AdminListenAddr']) {
    const value = manifest[key]
    if (typeof value === 'string' && parseListenAddress(value) === undefined) {
      report([key], `must be host:port, [v6]:port or :port, got ${show(value)}`)
    }
  }
  checkPorts(manifest, report)
  checkHeaderNames(manifest.ForwardHeaders, report)
  checkKey(manifest.DefaultKey, ['DefaultKey'], undefined, report)
  const { ShutdownDelayMs: delay, ShutdownTimeoutMs: timeout } = manifest
  if (typeof delay === 'number' && typeof timeout === 'number' && delay >= timeout) {
    report(['ShutdownDelayMs'], `must be less than ShutdownTimeoutMs (${timeout}), got ${delay}`)
  }
}

const EVERY_INTERFACE: readonly (string | undefined)[] = [undefined, '0.0.0.0', '::']

/** Two servers cannot have one port; 0 stands for any free one. */
function checkPorts({ ListenAddr, AdminListenAddr }: JsonObject, report: Report): void {
  if (typeof ListenAddr !== 'string' || typeof AdminListenAddr !== 'string') return
  const [own, admin] = [parseListenAddress(ListenAddr), parseListenAddress(AdminListenAddr)]
  if (own === undefined || admin === undefined || own.port === 0 || own.port !== admin.port) return
  const overlap = own.host === admin.host || [own, admin].some(({ host }) => EVERY_INTERFACE.includes(host))
  if (overlap)
    report(['AdminListenAddr'], `must have another port than ListenAddr, got ${show(AdminListenAddr)}`)
}

function checkHeaderNames(forward: unknown, report: Report): void {
  if (!isObject(forward)) return
  for (const list of ['Allow', 'Deny']) {
    const names = forward[list]
    if (!Array.isArray(names)) continue
    for (const [index, name] of names.entries()) {
      if (typeof name === 'string' && !isHeaderName(name.trim())) {
        report(['ForwardHeaders', list, index], `must be a header name, got ${show(name)}`)
      }
    }
  }
}

function checkPaths(paths: JsonObject, manifest: JsonObject, report: Report): void {
  const seen = new Map<string, string>()
  for (const [template, item] of Object.entries(paths)) {
    const at = ['Spec', 'paths', template]
    const parsed = parsePathTemplate(template)
    if (typeof parsed === 'string') report(at, parsed)
    else checkTemplate(parsed, at, seen, report)
    if (!isObject(item)) continue
    const methods = METHODS.filter((method) => isObject(item[method]))
    if (methods.length === 0) report(at, `must have an operation: ${METHODS.join(', ')}`)
    for (const method of methods) {
      const operation = item[method] as JsonObject
      checkOperation(
        operation,
        method,
        [...at, method],
        typeof parsed === 'string' ? undefined : parsed,
        manifest,
        report,
      )
    }
  }
}

function checkTemplate(parsed: PathTemplate, at: string[], seen: Map<string, string>, report: Report): void {
  const { template, shape } = parsed
  if (HEALTH_PATHS.includes(template)) report(at, 'is served by the router itself')
  const other = seen.get(shape)
  if (other === undefined) seen.set(shape, template)
  else report(at, `matches the same paths as ${other}`)
}

function checkOperation(
  operation: JsonObject,
  method: Method,
  at: string[],
  template: PathTemplate | undefined,
  manifest: JsonObject,
  report: Report,
): void {
  const target = operation['x-target-lambda']
  if (typeof target === 'string' && parseFunctionArn(target) === undefined) {
    report([...at, 'x-target-lambda'], `must be the ARN of a Lambda function, got ${show(target)}`)
  }
  const settings = operation['x-lpr']
  if (!isObject(settings)) return
  const here = [...at, 'x-lpr']
  checkWaits(settings, here, manifest, report)
  checkKey(settings.key, [...here, 'key'], template, report)
  checkTenant(settings.tenantId, [...here, 'tenantId'], template, report)
  checkRetries(settings, method, here, report)
}

function checkWaits(settings: JsonObject, at: string[], manifest: JsonObject, report: Report): void {
  const { maxWaitMs, timeoutMs = manifest.DefaultTimeoutMs, dynamicWait, adaptiveWait } = settings
  if (typeof maxWaitMs === 'number' && typeof timeoutMs === 'number' && timeoutMs <= maxWaitMs) {
    const origin = settings.timeoutMs === undefined ? ' (from DefaultTimeoutMs)' : ''
    report([...at, 'timeoutMs'], `must be more than maxWaitMs (${maxWaitMs}), got ${timeoutMs}${origin}`)
  }
  if (dynamicWait !== undefined && adaptiveWait !== undefined)
    report([...at, 'adaptiveWait'], 'excludes dynamicWait')
  const min = isObject(dynamicWait) ? dynamicWait.minWaitMs : undefined
  if (typeof min === 'number' && typeof maxWaitMs === 'number' && min > maxWaitMs) {
    report([...at, 'dynamicWait', 'minWaitMs'], `must be at most maxWaitMs (${maxWaitMs}), got ${min}`)
  }
}

function checkKey(key: unknown, at: string[], template: PathTemplate | undefined, report: Report): void {
  if (!Array.isArray(key)) return
  const seen = new Set<string>()
  for (const [index, entry] of key.entries()) {
    if (typeof entry !== 'string') continue
    const dimension = parseKeyDimension(entry)
    if (dimension === 'implied') continue
    if ('error' in dimension) {
      report([...at, index], `${dimension.error}, got ${show(entry)}`)
      continue
    }
    const identity = `${dimension.kind}:${dimension.name}`
    if (seen.has(identity)) report([...at, index], `repeats ${identity}`)
    seen.add(identity)
    if (dimension.kind === 'path' && template !== undefined && !template.params.includes(dimension.name)) {
      report([...at, index], `names a parameter that ${template.template} does not have: ${dimension.name}`)
    }
  }
}

function checkTenant(
  tenant: unknown,
  at: string[],
  template: PathTemplate | undefined,
  report: Report,
): void {
  if (typeof tenant !== 'string') return
  const dimension = parseKeyDimension(tenant)
  const usable =
    typeof dimension === 'object' && 'kind' in dimension && ['header', 'path'].includes(dimension.kind)
  if (!usable) report(at, `must be header:<name> or path:<param>, got ${show(tenant)}`)
  else checkKey([tenant], at, template, (_, message) => report(at, message))
}

function checkRetries(settings: JsonObject, method: Method, at: string[], report: Report): void {
  const retry = settings.retry
  const allowed = IDEMPOTENT.has(method) || (isObject(retry) && retry.nonIdempotent === true)
  if (allowed) return
  const remedy = `${method.toUpperCase()} is not idempotent: set retry.nonIdempotent: true if running it twice is safe`
  if (retry !== undefined) report([...at, 'retry'], remedy)
  if (settings.bisectBatchOnFunctionError === true) report([...at, 'bisectBatchOnFunctionError'], remedy)
}
