import { readFileSync } from 'node:fs'
import { Ajv } from 'ajv'
import { FEATURES, idOf, loadVectors, type Vector } from './runner/index.ts'
import { CASES_URL, isFields } from './runner/vector.ts'

const schema = JSON.parse(readFileSync(new URL('vector.schema.json', import.meta.url), 'utf8'))
const validate = new Ajv({
  allErrors: true,
  strict: true,
  strictTuples: false,
  allowUnionTypes: true,
}).compile(schema)
const vectors = loadVectors()

function batchOf({ event }: Vector): unknown[] | undefined {
  return isFields(event) && 'v' in event && Array.isArray(event.batch) ? event.batch : undefined
}

/** Ids of the items that must be answered, in the order of the items. */
function answeredIds(vector: Vector): string[] {
  const ids = (batchOf(vector) ?? []).map(idOf)
  return [...new Set(ids)].filter((id) => id !== '')
}

describe.each(vectors.map((vector) => ({ name: vector.name, vector })))(
  'vector $name',
  ({ name, vector }) => {
    it('obeys the schema', () => {
      validate(vector)
      expect(validate.errors ?? []).toEqual([])
    })

    it('is named like its file', () => {
      const file = readFileSync(new URL(`${name}.json`, CASES_URL), 'utf8')
      expect(JSON.parse(file).name).toBe(name)
    })

    it('can be parsed by strict readers of JSON, as it says nothing that UTF-8 cannot', () => {
      expect(readFileSync(new URL(`${name}.json`, CASES_URL), 'utf8')).not.toMatch(/\\ud[89a-f]/i)
    })

    it('expects something in each of its modes and in no other', () => {
      const { expected, modes } = vector
      const said = (['buffered', 'stream', 'interleaved'] as const).filter((mode) => expected[mode])
      const forAll = [expected.error, 'direct' in expected || undefined].filter((one) => one !== undefined)
      if (forAll.length === 0) expect(said).toEqual(modes)
      else expect([forAll.length, said]).toEqual([1, []])
    })

    it('expects an answer to every item that has an id', () => {
      const { buffered, stream, interleaved } = vector.expected
      const ids = answeredIds(vector)
      if (buffered) expect(buffered.responses.map(idOf)).toEqual(ids)
      for (const records of [stream, interleaved]) {
        if (records) expect(Object.keys(records).sort()).toEqual(ids.toSorted())
      }
    })

    it('has a script for every item, and no other scripts', () => {
      const { '*': rest, ...own } = vector.scripts ?? {}
      const ids = batchOf(vector) ? answeredIds(vector) : [idOf(vector.event)]
      expect(ids).toEqual(expect.arrayContaining(Object.keys(own)))
      expect(ids.filter((id) => !Object.hasOwn(own, id)).length > 0).toBe(rest !== undefined)
    })
  },
)

describe('the vectors together', () => {
  it('are at least a hundred', () => {
    expect(vectors.length).toBeGreaterThanOrEqual(100)
  })

  it('have names of their own', () => {
    expect(new Set(vectors.map(({ name }) => name)).size).toBe(vectors.length)
  })

  it('require every feature that the runner knows, and the schema lists the same ones', () => {
    expect([...new Set(vectors.flatMap(({ requires = [] }) => requires))].sort()).toEqual([...FEATURES])
    expect(schema.properties.requires.items.enum).toEqual([...FEATURES])
  })

  it('cover every mode', () => {
    for (const mode of ['buffered', 'stream', 'interleaved'] as const) {
      expect(vectors.filter(({ modes }) => modes.includes(mode)).length).toBeGreaterThan(90)
    }
  })
})
