import { randomBytes } from 'node:crypto'
import type { IdGenerator } from '@opentelemetry/sdk-trace'

/**
 * Trace ids that X-Ray takes: the first 32 bits are the time in seconds.
 * https://docs.aws.amazon.com/xray/latest/devguide/xray-api-sendingdata.html#xray-api-traceids
 */
export class XRayIdGenerator implements IdGenerator {
  generateTraceId(): string {
    return timeStamp() + randomBytes(12).toString('hex')
  }

  generateSpanId(): string {
    return randomBytes(8).toString('hex')
  }
}

/** The first 32 bits of a trace id that is made now. */
export function timeStamp(): string {
  return Math.floor(Date.now() / 1000)
    .toString(16)
    .padStart(8, '0')
}
