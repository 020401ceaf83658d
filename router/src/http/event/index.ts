import type { BatchSettings } from '@lpr/contract'
import { type EventJson, onePiece } from '../../batching/event-buffer.ts'
import { eventAlb } from './alb.ts'
import type { RequestFacts } from './facts.ts'
import { eventV1 } from './v1.ts'
import { eventV2 } from './v2.ts'

export type { RequestFacts } from './facts.ts'

const SHAPES: Record<BatchSettings['payloadFormatVersion'], (facts: RequestFacts) => EventJson> = {
  '2.0': eventV2,
  '1.0': (facts) => onePiece(JSON.stringify(eventV1(facts))),
  alb: (facts) => onePiece(JSON.stringify(eventAlb(facts))),
}

/** The event of one request as JSON, in the shape that its route asks for. */
export function buildEvent(version: BatchSettings['payloadFormatVersion'], facts: RequestFacts): EventJson {
  return SHAPES[version](facts)
}
