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

/**
 * The batch event. Items were serialised on arrival, so this is a concatenation, and their sizes are known. So it is
 * written straight to where it goes: joined as a string first, and converted as a whole, it takes three times as long.
 */
export function assemblePayload(batch: Batch, template: string, epochMs: number): Uint8Array {
  const items = [...batch.items]
  const meta: BatchMeta = {
    router: ROUTER_NAME,
    route: template,
    receivedAtMs: epochMs,
    batchId: batch.id,
    flushReason: batch.flushReason,
    deadlineMs: items.reduce((latest, item) => Math.max(latest, item.deadlineEpochMs), 0),
  }
  const head = envelopeHead(meta)
  const itemBytes = items.reduce((sum, { bytes }) => sum + bytes + 1, 0)
  const payload = Buffer.allocUnsafe(Buffer.byteLength(head) + itemBytes + ENVELOPE_TAIL.length)
  let end = payload.write(head, 0)
  for (const [index, { json, bytes }] of items.entries()) {
    if (index > 0) end += payload.write(',', end, 'latin1')
    // As many bytes as characters: ASCII, which needs no conversion.
    end += payload.write(json, end, bytes === json.length ? 'latin1' : 'utf8')
  }
  end += payload.write(ENVELOPE_TAIL, end, 'latin1')
  return payload.subarray(0, end)
}
