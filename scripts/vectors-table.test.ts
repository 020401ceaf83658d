import { spawnSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { loadVectors, type Mode, type Vector, type VectorResult } from '@lpr/contract/vectors'

const root = mkdtempSync(join(tmpdir(), 'lpr-vectors-table-'))
const kit = join(root, 'kit')
const results = join(root, 'results')
const readme = join(kit, 'README.md')
const EMPTY = 'before\n<!-- vectors: generated -->\n<!-- /vectors -->\nafter\n'

beforeEach(() => {
  for (const folder of [join(kit, 'adapter-one'), results]) mkdirSync(folder, { recursive: true })
  writeFileSync(readme, EMPTY)
})
afterEach(() => rmSync(root, { recursive: true, force: true }))

function table(...more: string[]) {
  const script = fileURLToPath(new URL('vectors-table.mjs', import.meta.url))
  const { status, stderr } = spawnSync(
    process.execPath,
    [script, '--kit', kit, '--results', results, ...more],
    { encoding: 'utf8' },
  )
  return { status, problems: stderr.split('\n').slice(0, -1) }
}

/** Passed but for what needs a feature; changed by the caller. */
function bufferedResults(change: (result: VectorResult) => unknown = (result) => result) {
  const all = loadVectors().filter(({ modes }) => modes.includes('buffered'))
  const document = { adapter: 'adapter-one', results: all.map((vector) => change(resultOf(vector))) }
  writeFileSync(join(results, 'adapter-one.json'), JSON.stringify(document))
  return all
}

function resultOf({ name, requires = [] }: Vector): VectorResult {
  const mode: Mode = 'buffered'
  const missing = requires.filter((feature) => feature === 'web-streams')
  return missing.length > 0
    ? { name, mode, outcome: 'not-applicable', missing }
    : { name, mode, outcome: 'passed' }
}

test('the table says how many of the applicable vectors pass, and why the others are not', () => {
  const all = bufferedResults()
  expect(table()).toEqual({ status: 0, problems: [] })
  const text = readFileSync(readme, 'utf8')
  const row = `| [adapter-one](adapter-one) | ${all.length - 2} of ${all.length - 2} | none | none | 2: \`web-streams\` |`
  expect(text).toContain(row)
  expect(text).toMatch(/^before\n[\s\S]*\nafter\n$/)
})

test('a table of other results fails the check, and is not changed by it', () => {
  bufferedResults()
  expect(table('--check')).toEqual({ status: 1, problems: [expect.stringMatching(/run `make vectors`$/)] })
  expect(readFileSync(readme, 'utf8')).toBe(EMPTY)
  table()
  expect(table('--check')).toEqual({ status: 0, problems: [] })
})

test('a vector that failed is counted and told', () => {
  const failed = { outcome: 'failed', problems: ['x is y'] }
  const all = bufferedResults((result) => (result.name === 'batch-empty' ? { ...result, ...failed } : result))
  expect(table()).toEqual({
    status: 1,
    problems: ['adapter-one: batch-empty, buffered: failed: x is y'],
  })
  expect(readFileSync(readme, 'utf8')).toContain(`| ${all.length - 3} of ${all.length - 2} |`)
})

test('without results of every adapter there is no table', () => {
  expect(table()).toEqual({
    status: 1,
    problems: [expect.stringMatching(/^adapter-one: expected results in /)],
  })
  expect(readFileSync(readme, 'utf8')).toBe(EMPTY)
})

test.each([
  [
    { name: 'no-vector' },
    ['batch-empty, buffered: expected a result, got none', /^adapter-one: no-vector, /],
  ],
  [{ name: 'batch-of-one' }, ['batch-empty, buffered: expected a result, got none', /expected one result/]],
  [{ outcome: 'skipped' }, ['batch-empty, buffered: expected an outcome, got skipped']],
  [{ outcome: 'not-applicable', missing: [] }, [/expected the features that are missing, got \[\]$/]],
  [{ outcome: 'not-applicable', missing: ['streams'] }, [/expected the features that are missing/]],
])('results that do not fit the vectors are refused: %j', (change, expected) => {
  bufferedResults((result) => (result.name === 'batch-empty' ? { ...result, ...change } : result))
  const problems = expected.map((text) =>
    typeof text === 'string' ? `adapter-one: ${text}` : expect.stringMatching(text),
  )
  expect(table()).toEqual({ status: 1, problems })
})
