import type { Manifest } from '@lpr/contract'
import { type AdminPages, textPage } from '../admin/server.ts'
import type { Telemetry } from './events.ts'
import { type Logger, logTelemetry } from './log.ts'
import type { LabelledRoute } from './metrics/labels.ts'
import type { Observed } from './metrics/observe.ts'
import { type OtlpProtocol, otlpHeaders, otlpProtocol, positiveInteger, type Signal } from './otlp.ts'
import type { Propagation } from './propagation.ts'

export interface SignalsOptions {
  telemetry: Telemetry
  manifest: Pick<Manifest, 'AccessLogSuccessPercent' | 'AdminListenAddr' | 'EmfNamespace' | 'TraceUrlQuery'>
  logger: Logger
  /** Where documents of the Embedded Metric Format go. */
  write?: (line: string) => void
}

/** The signals that are on. Logs always are. */
export interface Signals {
  /** `/metrics`, when metrics are on. */
  readonly adminPages: AdminPages
  /** Undefined when traces are off. */
  readonly propagation: Propagation | undefined
  /** To be called once the router is made: metrics are read from it. */
  observe(router: Observed & { readonly routes: LabelledRoute[] }): void
  /** Pushes what is left, for so long at most. Never rejects. */
  stop(): Promise<void>
}

/** Content type of the Prometheus text format that every scraper reads. */
const PROMETHEUS_CONTENT_TYPE = 'text/plain; version=0.0.4; charset=utf-8'
/** A standard resolution of CloudWatch. */
const EMF_INTERVAL_MS = 60_000
const PUSH_INTERVAL_MS = 60_000
/** The platform kills soon after the drain; a collector that does not answer must not hold up the end. */
const STOP_MS = 2000

/**
 * Starts the signals that settings ask for, and loads the code of no other. A setting that cannot be used costs its
 * signal, and a line in the log that names it, but never the router.
 */
export async function startSignals(options: SignalsOptions): Promise<Signals> {
  const { telemetry, manifest, logger } = options
  const traces = await guarded(logger, () => traceSignal(options))
  const traceIdOf = traces && ((requestId: string) => traces.spans.traceIdOf(requestId))
  const { AccessLogSuccessPercent: successPercent } = manifest
  logTelemetry(telemetry, logger, { traceIdOf, successPercent })
  // After the log, which asks for the trace of a request that ends.
  traces?.spans.subscribe(telemetry)
  const metrics = await guarded(logger, () => metricSignal(options))
  return {
    adminPages:
      metrics?.page === undefined ? {} : { '/metrics': textPage(PROMETHEUS_CONTENT_TYPE, metrics.page) },
    propagation: traces?.spans,
    observe: (router) => metrics?.observe(telemetry, router),
    stop: () => withinTime([traces, metrics].map((signal) => signal?.shutdown())),
  }
}

async function traceSignal({ manifest, logger }: SignalsOptions) {
  const protocol = pushed('TRACES')
  if (protocol === undefined) return undefined
  await logDiagnostics(logger)
  const { startTraces } = await import('./traces/start.ts')
  const { spanExporter } = await import('./exporters.ts')
  const { routerResource } = await import('./resource.ts')
  const exporter = await spanExporter(protocol)
  return startTraces({
    exporter,
    resource: routerResource(process.env),
    environment: process.env,
    showQuery: manifest.TraceUrlQuery,
  })
}

async function metricSignal({ manifest, logger, write = toStandardOutput }: SignalsOptions) {
  // A collector that cannot be used must not cost the page.
  const protocol = await guarded(logger, async () => pushed('METRICS'))
  const { AdminListenAddr, EmfNamespace } = manifest
  if (protocol === undefined && AdminListenAddr === undefined && EmfNamespace === undefined) return undefined
  await logDiagnostics(logger)
  const { startMetrics } = await import('./metrics/start.ts')
  const { routerResource } = await import('./resource.ts')
  const exporters: Parameters<typeof startMetrics>[0]['exporters'] = []
  if (protocol !== undefined) {
    const { metricExporter } = await import('./exporters.ts')
    const intervalMs = positiveInteger('OTEL_METRIC_EXPORT_INTERVAL', process.env) ?? PUSH_INTERVAL_MS
    exporters.push({ exporter: await metricExporter(protocol), intervalMs })
  }
  if (EmfNamespace !== undefined) {
    const { EmfExporter } = await import('./metrics/emf.ts')
    exporters.push({ exporter: new EmfExporter(EmfNamespace, write), intervalMs: EMF_INTERVAL_MS })
  }
  const withPage = AdminListenAddr !== undefined
  return startMetrics({ resource: routerResource(process.env), withPage, exporters })
}

/** How a signal is pushed, with the headers of `LPR_OTEL_HEADERS_JSON` where the exporters look for them. */
function pushed(signal: Signal): OtlpProtocol | undefined {
  const protocol = otlpProtocol(signal, process.env)
  if (protocol === undefined) return undefined
  const headers = otlpHeaders(signal, process.env)
  if (headers !== undefined) process.env[`OTEL_EXPORTER_OTLP_${signal}_HEADERS`] = headers
  return protocol
}

async function guarded<Result>(logger: Logger, start: () => Promise<Result>): Promise<Result | undefined> {
  try {
    return await start()
  } catch (error) {
    logger.error({ event: 'telemetry_setting' }, error instanceof Error ? error.message : String(error))
    return undefined
  }
}

/** What the exporters complain of, a collector out of reach above all, becomes lines of the log. */
async function logDiagnostics(logger: Logger): Promise<void> {
  const { diag, DiagLogLevel } = await import('@opentelemetry/api')
  const line = (level: 'warn' | 'debug') => (message: string) =>
    logger[level]({ event: 'telemetry' }, message)
  const ignored = (): void => undefined
  diag.setLogger(
    { error: line('warn'), warn: line('warn'), info: ignored, debug: ignored, verbose: ignored },
    { logLevel: DiagLogLevel.WARN, suppressOverrideMessage: true },
  )
}

async function withinTime(work: (Promise<void> | undefined)[]): Promise<void> {
  let timer: NodeJS.Timeout | undefined
  const limit = new Promise<void>((resolve) => {
    timer = setTimeout(resolve, STOP_MS)
  })
  await Promise.race([Promise.allSettled(work), limit])
  clearTimeout(timer)
}

function toStandardOutput(line: string): void {
  process.stdout.write(line)
}
