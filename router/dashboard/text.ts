/** Text that may stand in markup: route keys and error codes come from elsewhere. */
export function markup(text: string): string {
  return text.replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`)
}

/** A number to be read at a glance: three digits that count. */
export function short(value: number): string {
  if (value === 0) return '0'
  const size = Math.abs(value)
  if (size >= 1e6) return `${trim(value / 1e6)} M`
  if (size >= 10_000) return `${trim(value / 1000)} k`
  return trim(value)
}

export function milliseconds(value: number | undefined): string {
  if (value === undefined) return '–'
  return value >= 10_000 ? `${trim(value / 1000)} s` : `${trim(value)} ms`
}

export function percent(share: number | undefined): string {
  return share === undefined ? '–' : `${Math.round(share * 100)} %`
}

export function dollars(value: number): string {
  if (value === 0) return '0 USD'
  return `${Math.abs(value) < 0.01 ? value.toPrecision(2) : value.toFixed(2)} USD`
}

export function span(seconds: number): string {
  if (seconds < 120) return `${seconds} s`
  if (seconds < 7200) return `${Math.round(seconds / 60)} min`
  return `${Math.round(seconds / 3600)} h`
}

function trim(value: number): string {
  const digits = Math.abs(value) >= 100 ? 0 : Math.abs(value) >= 10 ? 1 : 2
  return String(Number(value.toFixed(digits)))
}
