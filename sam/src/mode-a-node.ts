// An ordinary handler of one request: no adapter, no batches, not a word of the router. The layer sees to all that.
import type { HttpEvent } from 'lpr-lambda-adapter'
import { greet, json } from './greeting.ts'

export async function handler(event: HttpEvent) {
  return json(await greet(event))
}
