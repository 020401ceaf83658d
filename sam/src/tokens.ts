import type { HttpEvent } from 'lpr-lambda-adapter'
import { type Dice, maxDelayMs, randomDelayMs, realDice, wholeNumber } from './delay.ts'

const MOST_TOKENS = 200
const LONGEST_PREFIX = 100

/**
 * Server-sent events: as many tokens as `tokens` (or `count`) asks for, 20 by default and 200 at most, each after a
 * delay of its own, then one that names the request. Stops without that one when the signal is aborted.
 */
export async function* tokenEvents(
  event: HttpEvent,
  signal: AbortSignal,
  dice: Dice = realDice,
): AsyncGenerator<string> {
  const query = event.queryStringParameters
  const count = wholeNumber(query?.tokens ?? query?.count, { otherwise: 20, least: 0, most: MOST_TOKENS })
  const prefix = (query?.prefix ?? 'token').slice(0, LONGEST_PREFIX)
  for (let index = 0; index < count; index += 1) {
    const delayMs = randomDelayMs(dice, maxDelayMs(query))
    await dice.sleep(delayMs, signal)
    if (signal.aborted) return
    yield serverSentEvent('token', { index, token: `${prefix}-${index}`, delayMs })
  }
  yield serverSentEvent('done', { id: event.requestContext.requestId, tokens: count })
}

/** JSON keeps line breaks in the data from ending the event. https://html.spec.whatwg.org/multipage/server-sent-events.html */
function serverSentEvent(name: string, data: unknown): string {
  return `event: ${name}\ndata: ${JSON.stringify(data)}\n\n`
}
