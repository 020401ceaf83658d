/** A metric family of the Prometheus text format. */
export interface Family {
  type: string
  help: string
  samples: { name: string; labels: Record<string, string>; value: number }[]
}

/** Reads a page of metrics strictly enough for tests; throws at a line that it does not know. */
export function parsePage(text: string): Map<string, Family> {
  const families = new Map<string, Family>()
  let current: Family | undefined
  for (const line of text.split('\n').filter((entry) => entry !== '')) {
    const [, comment, name = '', rest = ''] = /^# (HELP|TYPE) (\S+) (.*)$/.exec(line) ?? []
    if (comment === 'HELP') {
      if (families.has(name)) throw new Error(`${name} comes twice`)
      current = { type: '', help: rest, samples: [] }
      families.set(name, current)
    } else if (comment === 'TYPE' && current !== undefined) current.type = rest
    else if (current !== undefined) current.samples.push(sample(line))
    else throw new Error(`out of place: ${line}`)
  }
  return families
}

function sample(line: string): Family['samples'][number] {
  const [, name, labels = '', value] = /^(\w+)(?:\{(.*)\})? (\S+)$/.exec(line) ?? []
  if (name === undefined) throw new Error(`not a sample: ${line}`)
  const pairs = [...labels.matchAll(/(\w+)="((?:[^"\\]|\\.)*)"/g)].map(([, key = '', text = '']) => [
    key,
    text,
  ])
  return { name, labels: Object.fromEntries(pairs), value: Number(value) }
}
