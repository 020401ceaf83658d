/** One segment of a path template. A parameter may follow literal text: `pre-{id}`. */
export type Segment =
  | { kind: 'static'; text: string }
  | { kind: 'param'; prefix: string; name: string }
  | { kind: 'greedy'; name: string }

export interface PathTemplate {
  template: string
  segments: Segment[]
  /** Parameter names, in order. */
  params: string[]
  /** Equal for two templates exactly if they match the same paths, whatever their parameters are called. */
  shape: string
}

/**
 * Reads a path template. `{name}` takes one segment (or the rest of one); `{name+}`, as in API Gateway, takes the rest
 * of the path and must come last; `{*name}` is another spelling of it.
 *
 * Returns the reason as a string when the template is not good.
 */
export function parsePathTemplate(template: string): PathTemplate | string {
  if (!template.startsWith('/')) return 'must start with /'
  const texts = template.slice(1).split('/')
  const segments: Segment[] = []
  for (const [index, text] of texts.entries()) {
    const segment = parseSegment(text)
    if (typeof segment === 'string') return segment
    if (segment.kind === 'greedy' && index < texts.length - 1)
      return `greedy parameter ${text} must be the last segment`
    segments.push(segment)
  }
  const params = segments.flatMap((segment) => (segment.kind === 'static' ? [] : [segment.name]))
  const repeated = params.find((name, index) => params.indexOf(name) !== index)
  if (repeated !== undefined) return `parameter ${repeated} appears twice`
  return { template, segments, params, shape: segments.map(shapeOf).join('/') }
}

function parseSegment(text: string): Segment | string {
  const open = text.indexOf('{')
  if (open < 0) return text.includes('}') ? `unbalanced } in ${text}` : { kind: 'static', text }
  const prefix = text.slice(0, open)
  const inner = text.slice(open + 1, -1)
  if (prefix.includes('}') || !text.includes('}')) return `unbalanced braces in ${text}`
  if (!text.endsWith('}')) return `parameter must run to the end of its segment in ${text}`
  if (/[{}]/.test(inner)) return `one parameter a segment, without nested braces, in ${text}`
  const greedy = /^(?:(.+)\+|\*(.+))$/.exec(inner)
  const name = greedy?.[1] ?? greedy?.[2] ?? inner
  if (name === '') return `parameter without a name in ${text}`
  if (greedy === null) return { kind: 'param', prefix, name }
  return prefix === '' ? { kind: 'greedy', name } : `greedy parameter must be a segment of its own in ${text}`
}

function shapeOf(segment: Segment): string {
  if (segment.kind === 'static') return segment.text
  return segment.kind === 'greedy' ? '{+}' : `${segment.prefix}{}`
}
