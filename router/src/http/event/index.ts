import type { BatchSettings } from '@lpr/contract'
import { type EventJson, onePiece } from '../../batching/event-buffer.ts'
import { eventAlb } from './alb.ts'
import type { RequestFacts } from './facts.ts'
import { eventV1 } from './v1.ts'
import { eventV2 } from './v2.ts'

export type { RequestFacts } from './facts.ts'

const SHAPES: Record<BatchSettings['payloadFormatVersion'], (facts: RequestFacts) => EventJson> = {
  '2.0': eventV2,
  '1.0': (facts) => onePiece(JSON.stringify(eventV1(withContext(facts)))),
  alb: (facts) => onePiece(JSON.stringify(eventAlb(withContext(facts)))),
}

/** The event of one request as JSON, in the shape that its route asks for. */
export function buildEvent(version: BatchSettings['payloadFormatVersion'], facts: RequestFacts): EventJson {
  return SHAPES[version](facts)
}

/** The same with the headers that the router adds among those that came. */
function withContext(facts: RequestFacts): RequestFacts {
  if (facts.contextFields === '') return facts
  const added = JSON.parse(`{${facts.contextFields}}`) as Record<string, string>
  const headers = new Map(facts.headers)
  for (const [name, value] of Object.entries(added)) headers.set(name, [value])
  return { ...facts, headers }
}
