// The wire protocol by hand, to show how little there is to it. The adapter does all this, and what can go wrong.
import type { HttpEvent } from 'lpr-lambda-adapter'
import { greet, json } from './greeting.ts'

interface Batch {
  v: 1
  batch: HttpEvent[]
}

/** Gets several requests as one event, and answers them in one document. Order does not matter, the ids do. */
export async function handler({ batch }: Batch) {
  return { v: 1, responses: await Promise.all(batch.map(answer)) }
}

/** An answer says whose it is. A request that fails is answered too: without a record its client would get a 502. */
async function answer(event: HttpEvent) {
  const id = event.requestContext.requestId
  try {
    return { id, ...json(await greet(event)) }
  } catch (error) {
    console.error('request failed', { requestId: id, error })
    return { id, statusCode: 500, headers: { 'content-type': 'text/plain' }, body: 'internal error' }
  }
}
