import { type BatchMeta, ROUTER_NAME, WIRE_VERSION } from '@lpr/contract'
import type { Batch } from '../batching/batch.ts'

/** Head of every payload up to the first item; its length bounds what a route's envelope takes. */
function envelopeHead(meta: BatchMeta): string {
  return `{"v":${WIRE_VERSION},"meta":${JSON.stringify(meta)},"batch":[`
}

const ENVELOPE_TAIL = ']}'

/** Bytes that the envelope of a route's batch takes at most, without items. */
export function envelopeBytes(template: string): number {
  const longest: BatchMeta = {
    router: ROUTER_NAME,
    route: template,
    receivedAtMs: Number.MAX_SAFE_INTEGER,
    batchId: 'b-00000000-0000-0000-0000-000000000000',
    flushReason: 'immediate',
    deadlineMs: Number.MAX_SAFE_INTEGER,
  }
  return Buffer.byteLength(envelopeHead(longest)) + ENVELOPE_TAIL.length
}

/** The batch event, with the requests that are left. */
export function assemblePayload(batch: Batch, template: string, epochMs: number): Uint8Array {
  let deadlineMs = 0
  for (const { deadlineEpochMs } of batch.items) deadlineMs = Math.max(deadlineMs, deadlineEpochMs)
  const meta: BatchMeta = {
    router: ROUTER_NAME,
    route: template,
    receivedAtMs: epochMs,
    batchId: batch.id,
    flushReason: batch.flushReason,
    deadlineMs,
  }
  return batch.document(envelopeHead(meta), ENVELOPE_TAIL)
}
