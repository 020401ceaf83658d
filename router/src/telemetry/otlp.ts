/** Where telemetry is pushed to is told by the standard variables, which the exporters read by themselves. */
export type Signal = 'TRACES' | 'METRICS'
export type OtlpProtocol = 'grpc' | 'http/protobuf'

type Environment = Record<string, string | undefined>

/** A variable that cannot be used. The message names it. */
export class TelemetrySettingError extends Error {
  override readonly name = 'TelemetrySettingError'
}

const PREFIX = 'OTEL_EXPORTER_OTLP_'
const COLLECTOR_BESIDE = 'localhost:4317'

/**
 * How a signal is pushed; undefined when it is not: no endpoint is set, or the variable of the signal itself is set and
 * blank, or `OTEL_<signal>_EXPORTER` or `OTEL_SDK_DISABLED` says so. Throws TelemetrySettingError.
 */
export function otlpProtocol(signal: Signal, environment: Environment): OtlpProtocol | undefined {
  const own = environment[`${PREFIX}${signal}_ENDPOINT`]
  const endpoint = (own ?? environment[`${PREFIX}ENDPOINT`])?.trim()
  if (!endpoint || isOff(signal, environment)) return undefined
  const protocol = protocolOf(signal, environment)
  // gRPC takes `host:port` as well.
  if (protocol === 'http/protobuf' && !URL.canParse(endpoint))
    throw new TelemetrySettingError(`${PREFIX}${signal}_ENDPOINT or ${PREFIX}ENDPOINT: ${endpoint} is no URL`)
  return protocol
}

function protocolOf(signal: Signal, environment: Environment): OtlpProtocol {
  const general = environment[`${PREFIX}ENDPOINT`]
  const name = [`${PREFIX}${signal}_PROTOCOL`, `${PREFIX}PROTOCOL`].find((key) => environment[key]?.trim())
  if (name === undefined) return general?.includes(COLLECTOR_BESIDE) ? 'grpc' : 'http/protobuf'
  const protocol = environment[name]?.trim().toLowerCase()
  if (protocol === 'grpc' || protocol === 'http/protobuf') return protocol
  throw new TelemetrySettingError(`${name}: expected grpc or http/protobuf, got ${protocol}`)
}

function isOff(signal: Signal, environment: Environment): boolean {
  const exporters = environment[`OTEL_${signal}_EXPORTER`]?.trim().toLowerCase()
  const elsewhere = exporters && !exporters.split(',').some((exporter) => exporter.trim() === 'otlp')
  return Boolean(elsewhere) || environment.OTEL_SDK_DISABLED?.trim().toLowerCase() === 'true'
}

/** A variable that holds a number of at least 1; undefined when it is blank or not set. Throws TelemetrySettingError. */
export function positiveInteger(name: string, environment: Environment): number | undefined {
  const text = environment[name]?.trim()
  if (!text) return undefined
  if (/^[1-9]\d{0,8}$/.test(text)) return Number(text)
  throw new TelemetrySettingError(`${name}: expected a whole number of at least 1, got ${text}`)
}

const HEADERS_JSON = 'LPR_OTEL_HEADERS_JSON'
/** Header names that both HTTP (RFC 9110 section 5.1) and gRPC carry. */
const HEADER_NAME = /^[\w!#$%&'*+.^`|~-]+$/
const HEADER_VALUE = /^[\x20-\x7e]+$/

/**
 * `LPR_OTEL_HEADERS_JSON`, a JSON object that a secret may hold, as a value of `OTEL_EXPORTER_OTLP_HEADERS`; undefined
 * when it is not set or one of the standard variables is, which win. Throws TelemetrySettingError; never tells a value.
 */
export function otlpHeaders(signal: Signal, environment: Environment): string | undefined {
  const text = environment[HEADERS_JSON]?.trim()
  const standard = [`${PREFIX}${signal}_HEADERS`, `${PREFIX}HEADERS`].some((key) => environment[key]?.trim())
  if (!text || standard) return undefined
  const entries = Object.entries(headersObject(text))
  if (entries.length === 0) throw new TelemetrySettingError(`${HEADERS_JSON}: the object is empty`)
  return entries.map(([name, value]) => headerPair(name.trim(), value)).join(',')
}

function headersObject(text: string): object {
  let value: unknown
  try {
    value = JSON.parse(text)
  } catch {
    // The parser's own message would quote the secret.
  }
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value
  throw new TelemetrySettingError(`${HEADERS_JSON}: expected a JSON object of header names and values`)
}

function headerPair(name: string, value: unknown): string {
  if (!HEADER_NAME.test(name))
    throw new TelemetrySettingError(`${HEADERS_JSON}: ${JSON.stringify(name)} is no header name`)
  const text = typeof value === 'string' ? value.trim() : ''
  if (!HEADER_VALUE.test(text))
    throw new TelemetrySettingError(
      `${HEADERS_JSON}: the value of ${name} is not a string of printable ASCII`,
    )
  return `${encodeURIComponent(name)}=${encodeURIComponent(text)}`
}
