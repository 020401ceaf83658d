import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { acceptance } from './acceptance.ts'
import { report } from './report.ts'
import { measure } from './results.ts'
import { summary } from './summary.ts'

const USAGE =
  'node benchmark/frontier/run.mjs [--requests 100000] [--seed 1] [--out benchmark/results/<date>-frontier]'

const { values } = parseArgs({
  options: {
    requests: { type: 'string', default: '100000' },
    seed: { type: 'string', default: '1' },
    out: { type: 'string', default: `benchmark/results/${new Date().toISOString().slice(0, 10)}-frontier` },
    help: { type: 'boolean', default: false },
  },
})
const requests = Number(values.requests)
const seed = Number(values.seed)

if (values.help) {
  console.log(USAGE)
} else if (!Number.isInteger(requests) || requests < 1000 || !Number.isInteger(seed)) {
  console.error(
    `expected --requests of at least 1000 and a whole --seed, got ${values.requests} and ${values.seed}`,
  )
  console.error(USAGE)
  process.exitCode = 2
} else {
  const results = measure({ requests, seed, onProgress: (what) => console.error(what) })
  const lines = acceptance(results)
  mkdirSync(values.out, { recursive: true })
  for (const [name, content] of Object.entries(report(results)))
    writeFileSync(join(values.out, name), content)
  console.log(summary(results, lines))
  console.log(`written to ${values.out}`)
  const missed = lines.filter(({ holds }) => !holds)
  for (const { what, value, atMost } of missed)
    console.error(`${what}: expected at most ${atMost}, got ${value}`)
  if (missed.length > 0) process.exitCode = 1
}
