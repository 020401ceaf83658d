/** What must not stand in a JSON string as it is: quotes, backslashes, controls, and halves of surrogate pairs. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: the controls are what JSON has to escape
const NEEDS_ESCAPES = /["\\\u0000-\u001f\ud800-\udfff]/

/**
 * A string as JSON. Hardly any string of a request needs an escape, and to look for one takes half the time that
 * `JSON.stringify` does.
 */
export function quoted(text: string): string {
  return NEEDS_ESCAPES.test(text) ? JSON.stringify(text) : `"${text}"`
}

/**
 * Fields of an object, to be kept and used again: as one piece. Strings that were added up stay a tree, which V8 walks whenever
 * the event that they are in is written.
 */
export function fieldsOf(values: Record<string, string | number>): string {
  return JSON.stringify(values).slice(1, -1)
}

/** Names and values as a JSON object; undefined when there are none. */
export function object(fields: Iterable<[name: string, value: string]>): string | undefined {
  let text = ''
  for (const [name, value] of fields) text = withField(text, name, value)
  return text === '' ? undefined : `{${text}}`
}

/** The fields of an object with one more. */
export function withField(fields: string, name: string, value: string): string {
  return fields === '' ? `${quoted(name)}:${quoted(value)}` : `${fields},${quoted(name)}:${quoted(value)}`
}

/** `,"name":value`, or nothing where there is no value. */
export function optional(name: string, value: string | undefined): string {
  return value === undefined ? '' : `,"${name}":${value}`
}
