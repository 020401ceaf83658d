import { randomBytes } from 'node:crypto'
import type { IdGenerator } from '@opentelemetry/sdk-trace'

/**
 * Trace ids that X-Ray takes: the first 32 bits are the time in seconds.
 * https://docs.aws.amazon.com/xray/latest/devguide/xray-api-sendingdata.html#xray-api-traceids
 */
export class XRayIdGenerator implements IdGenerator {
  generateTraceId(): string {
    return stamped(randomBytes(16).toString('hex'))
  }

  generateSpanId(): string {
    return randomBytes(8).toString('hex')
  }
}

/** A trace id with the time of now in its first 32 bits. */
export function stamped(traceId: string): string {
  const seconds = Math.floor(Date.now() / 1000)
  return seconds.toString(16).padStart(8, '0') + traceId.slice(8)
}
