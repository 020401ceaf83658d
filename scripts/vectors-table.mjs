// Writes the table of the vectors in lambda-kit/README.md from the results of the adapters' tests, which `make vectors`
// leaves in .build/vectors. contract/vectors/README.md describes them.
//   node scripts/vectors-table.mjs           writes the table
//   node scripts/vectors-table.mjs --check   fails if it differs
// Either fails when results are missing, do not fit the vectors, or say that something failed.
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'

const root = fileURLToPath(new URL('../', import.meta.url))
const MODES = ['buffered', 'stream', 'interleaved']
const [BEGIN, END] = ['<!-- vectors: generated -->', '<!-- /vectors -->']

const { values: options } = parseArgs({
  options: {
    check: { type: 'boolean', default: false },
    kit: { type: 'string', default: join(root, 'lambda-kit') },
    results: { type: 'string', default: join(root, '.build/vectors') },
  },
})
const vectors = new Map(readVectors().map((vector) => [vector.name, vector]))
const problems = []
main()

function main() {
  const adapters = readdirSync(options.kit).filter((name) => name.startsWith('adapter-'))
  const rows = adapters.sort().flatMap((adapter) => row(adapter, readResults(adapter)))
  // A table that lacks an adapter is not written: it would look as if there were none.
  if (rows.length === adapters.length) writeTable(rows)
  for (const problem of problems) console.error(problem)
  if (problems.length > 0) process.exitCode = 1
}

function readVectors() {
  const folder = join(root, 'contract/vectors/cases')
  return readdirSync(folder).map((file) => JSON.parse(readFileSync(join(folder, file), 'utf8')))
}

/** By mode; nothing, and a problem, if they are not there or not of these vectors. */
function readResults(adapter) {
  const file = join(options.results, `${adapter}.json`)
  if (!existsSync(file)) {
    problems.push(`${adapter}: expected results in ${file}, got none; run \`make vectors\``)
    return undefined
  }
  const { results } = JSON.parse(readFileSync(file, 'utf8'))
  const byMode = new Map(MODES.map((mode) => [mode, results.filter((result) => result.mode === mode)]))
  for (const [mode, all] of byMode) if (all.length === 0) byMode.delete(mode)
  const mistakes = [...byMode].flatMap(([mode, all]) => mistakesOf(mode, all))
  problems.push(...mistakes.map((mistake) => `${adapter}: ${mistake}`))
  return mistakes.length > 0 ? undefined : byMode
}

function mistakesOf(mode, results) {
  const expected = [...vectors.values()].filter(({ modes }) => modes.includes(mode)).map(({ name }) => name)
  const names = results.map(({ name }) => name)
  const without = expected.filter((name) => !names.includes(name))
  const unknown = names.filter((name) => !expected.includes(name))
  const twice = names.filter((name, index) => names.indexOf(name) !== index)
  return [
    ...without.map((name) => `${name}, ${mode}: expected a result, got none`),
    ...unknown.map((name) => `${name}, ${mode}: expected results of vectors only, got one of something else`),
    ...twice.map((name) => `${name}, ${mode}: expected one result, got another`),
    ...results.flatMap((result) => (unknown.includes(result.name) ? [] : mistakesIn(result))),
  ]
}

function mistakesIn({ name, mode, outcome, missing = [] }) {
  const { requires = [] } = vectors.get(name)
  if (outcome === 'passed' || outcome === 'failed') return []
  if (outcome !== 'not-applicable') return [`${name}, ${mode}: expected an outcome, got ${outcome}`]
  const isReason = missing.length > 0 && missing.every((feature) => requires.includes(feature))
  return isReason
    ? []
    : [`${name}, ${mode}: expected the features that are missing, got ${JSON.stringify(missing)}`]
}

/** One row, or none without results. */
function row(adapter, byMode) {
  if (byMode === undefined) return []
  const cells = MODES.map((mode) => cell(adapter, byMode.get(mode)))
  const notApplicable = [...byMode.values()].flat().filter(({ outcome }) => outcome === 'not-applicable')
  return [`| [${adapter}](${adapter}) | ${cells.join(' | ')} | ${reasons(notApplicable)} |`]
}

function cell(adapter, results) {
  if (results === undefined) return 'none'
  const failed = results.filter(({ outcome }) => outcome === 'failed')
  for (const { name, mode, problems: wrong } of failed) {
    problems.push(`${adapter}: ${name}, ${mode}: failed: ${wrong.join('; ')}`)
  }
  const applicable = results.filter(({ outcome }) => outcome !== 'not-applicable').length
  return `${applicable - failed.length} of ${applicable}`
}

function reasons(notApplicable) {
  if (notApplicable.length === 0) return 'none'
  const names = new Set(notApplicable.map(({ name }) => name))
  const features = [...new Set(notApplicable.flatMap(({ missing }) => missing))].sort()
  return `${names.size}: ${features.map((feature) => `\`${feature}\``).join(', ')}`
}

function writeTable(rows) {
  const table = [
    '| adapter | buffered | one record a response | interleaved | vectors not applicable, and the features they need |',
    '| --- | --- | --- | --- | --- |',
    ...rows,
  ].join('\n')
  const file = join(options.kit, 'README.md')
  const text = readFileSync(file, 'utf8')
  const [before, rest] = text.split(BEGIN)
  const after = rest?.split(END)[1]
  if (after === undefined) return problems.push(`${file}: expected ${BEGIN} and ${END}, got neither`)
  const wanted = `${before}${BEGIN}\n\n${table}\n\n${END}${after}`
  if (wanted === text) return
  if (options.check)
    problems.push(`${file}: expected the table of the results, got another; run \`make vectors\``)
  else writeFileSync(file, wanted)
}
