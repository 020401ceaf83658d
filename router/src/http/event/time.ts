import { keepingLast } from '../keeping-last.ts'

const MONTHS = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec']

/** `12/Mar/2020:19:03:58 +0000`, the form that API Gateway uses for `requestContext.time`. */
export function requestTime(epochMs: number): string {
  return timeOfSecond(Math.floor(epochMs / 1000))
}

/** A busy router is asked thousands of times for the same. */
const timeOfSecond = keepingLast((epochSeconds: number) => {
  const iso = new Date(epochSeconds * 1000).toISOString()
  const month = MONTHS[Number(iso.slice(5, 7)) - 1]
  return `${iso.slice(8, 10)}/${month}/${iso.slice(0, 4)}:${iso.slice(11, 19)} +0000`
})
