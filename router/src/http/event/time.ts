const MONTHS = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec']

/** The last second that was asked for. A busy router asks thousands of times for the same. */
let known = { second: Number.NaN, text: '' }

/** `12/Mar/2020:19:03:58 +0000`, the form that API Gateway uses for `requestContext.time`. */
export function requestTime(epochMs: number): string {
  const second = Math.floor(epochMs / 1000)
  if (second !== known.second) known = { second, text: format(epochMs) }
  return known.text
}

function format(epochMs: number): string {
  const iso = new Date(epochMs).toISOString()
  const month = MONTHS[Number(iso.slice(5, 7)) - 1]
  return `${iso.slice(8, 10)}/${month}/${iso.slice(0, 4)}:${iso.slice(11, 19)} +0000`
}
