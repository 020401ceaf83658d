import { isObject, type Problem, parseListenAddress, show, validateManifest } from '@lpr/contract'
import { withDefault } from './intrinsics.ts'
import type { Platform } from './platforms/platform.ts'
import type { Report } from './problems.ts'
import { asInteger } from './shapes.ts'
import type { JsonObject } from './template.ts'

export const DEFAULT_PORT = 8080
const LOOPBACK = /^(localhost|127\.[\d.]+|::1)$/i

/** `RouterConfig` as it is published: either platform puts one proxy in front of the router. */
export function publishedConfig(config: unknown): JsonObject {
  if (!isObject(config)) return {}
  return { ...config, TrustedProxyHops: withDefault(config.TrustedProxyHops, 1) }
}

/** Reports whatever the router would refuse at start, and settings that cannot work behind the platform's proxy. */
export function checkManifest(view: JsonObject, platform: Platform, report: Report): void {
  const port = view.Port === undefined ? DEFAULT_PORT : validPort(view.Port)
  const config = publishedConfig(view.RouterConfig)
  const { Spec: nested, ...settings } = config
  if (nested !== undefined) report('RouterConfig.Spec', 'belongs one level up, as the property Spec')
  const spec = view.Spec === undefined ? {} : { Spec: view.Spec }
  const manifest = { ListenAddr: `0.0.0.0:${port ?? DEFAULT_PORT}`, ...settings, ...spec }
  for (const problem of validateManifest(manifest, { intrinsics: true }).problems) {
    report(propertyPath(problem), problem.message)
  }
  checkListenAddress(config.ListenAddr, port, report)
  checkTimeouts(manifest, platform, report)
}

/** Undefined if it is not known or no port, which is reported elsewhere. */
function validPort(value: unknown): number | undefined {
  const port = asInteger(value)
  return port !== undefined && port >= 1 && port <= 65535 ? port : undefined
}

function propertyPath({ path }: Problem): string {
  return path === 'Spec' || path.startsWith('Spec.') ? path : `RouterConfig.${path}`
}

/** The platform probes the port that it was told, from outside the container. */
function checkListenAddress(value: unknown, port: number | undefined, report: Report): void {
  const address = typeof value === 'string' ? parseListenAddress(value) : undefined
  if (address === undefined) return
  if (port !== undefined && address.port !== port)
    report('RouterConfig.ListenAddr', `must have the port that Port says (${port}), got ${show(value)}`)
  if (address.host !== undefined && LOOPBACK.test(address.host))
    report(
      'RouterConfig.ListenAddr',
      `must not be a loopback address, the platform could not reach it, got ${show(value)}`,
    )
}

function checkTimeouts(manifest: JsonObject, { responseLimit }: Platform, report: Report): void {
  const check = (value: unknown, path: string) => {
    const ms = asInteger(value)
    if (ms !== undefined && ms > responseLimit.ms)
      report(path, `must be at most ${responseLimit.ms}, got ${ms}: ${responseLimit.reason}`)
  }
  check(manifest.DefaultTimeoutMs, 'RouterConfig.DefaultTimeoutMs')
  for (const { path, settings } of operations(manifest.Spec))
    check(settings.timeoutMs, `${path}.x-lpr.timeoutMs`)
}

function operations(spec: unknown): { path: string; settings: JsonObject }[] {
  return entries(isObject(spec) ? spec.paths : undefined).flatMap(([template, item]) =>
    entries(item).map(([method, operation]) => ({
      path: `Spec.paths.${template}.${method}`,
      settings: isObject(operation) && isObject(operation['x-lpr']) ? operation['x-lpr'] : {},
    })),
  )
}

function entries(value: unknown): [string, unknown][] {
  return isObject(value) ? Object.entries(value) : []
}
