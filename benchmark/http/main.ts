import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { availableParallelism, tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { setTimeout } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import { CorePair } from './cores/core-pair.ts'
import { TwoCores } from './cores/two-cores.ts'
import { measure, type ScenarioResult } from './measure.ts'
import { charts } from './report/charts.ts'
import { describeMachine } from './report/machine.ts'
import { failuresIn, type Run, summary } from './report/summary.ts'
import { SCENARIOS } from './scenarios/index.ts'
import type { Scenario } from './scenarios/scenario.ts'
import { parseSubject, type Subject, subjectsOf } from './subjects/subject.ts'

const USAGE = `node benchmark/http/run.mjs [options]

  --full                  every scenario instead of the short set
  --only a,b              these scenarios
  --list                  their names
  --rounds 5              rounds a scenario
  --pace 1                multiplies the length of every round
  --patience 15           seconds that may be lost to two cores that are hardly more than one; with --full 600
  --subject name=command  a router of another make beside ours; it is given --config with the same manifest
  --no-baselines          without bare node:http and direct invocation
  --profile               CPU profiles, summed up; they slow down what they watch
  --name short            name of the results
  --out DIRECTORY         where to write them: benchmark/results/<date>-<name>
`

const OPTIONS = {
  full: { type: 'boolean', default: false },
  only: { type: 'string' },
  list: { type: 'boolean', default: false },
  rounds: { type: 'string', default: '5' },
  pace: { type: 'string', default: '1' },
  patience: { type: 'string' },
  subject: { type: 'string', multiple: true },
  'no-baselines': { type: 'boolean', default: false },
  profile: { type: 'boolean', default: false },
  name: { type: 'string' },
  out: { type: 'string' },
  help: { type: 'boolean', default: false },
} as const

const here = dirname(fileURLToPath(import.meta.url))
const FILES = {
  load: join(here, 'load.mjs'),
  lambda: join(here, 'lambda.mjs'),
  coreJob: join(here, 'core-job.mjs'),
  bare: join(here, 'bare.mjs'),
  direct: join(here, 'direct.mjs'),
  alone: join(here, 'alone.mjs'),
  least: join(here, 'least.mjs'),
  router: join(here, '../../../router/bin/lpr-router.mjs'),
  readableRouter: join(here, 'readable-router.mjs'),
}

interface Wanted {
  scenarios: Scenario[]
  others: Subject[]
  rounds: number
  pace: number
  patienceMs: number
  profile: boolean
  name: string
  out: string
}

function parse(): Wanted | string {
  const { values } = parseArgs({ options: OPTIONS })
  if (values.help) return USAGE
  if (values.list) return `${SCENARIOS.map(({ name, about }) => `${name.padEnd(18)}${about}`).join('\n')}\n`
  const name = values.name ?? (values.full ? 'full' : 'short')
  const date = new Date().toISOString().slice(0, 10)
  return {
    scenarios: chosen(values.only, values.full).map((scenario) =>
      values['no-baselines'] ? { ...scenario, subjects: ['router' as const] } : scenario,
    ),
    others: (values.subject ?? []).map(parseSubject),
    rounds: positive('--rounds', values.rounds),
    pace: positive('--pace', values.pace),
    patienceMs: 1000 * positive('--patience', values.patience ?? (values.full ? '600' : '15')),
    profile: values.profile,
    name,
    out: values.out ?? `benchmark/results/${date}-${name}`,
  }
}

function chosen(only: string | undefined, full: boolean): Scenario[] {
  if (only === undefined) return SCENARIOS.filter(({ short }) => full || short)
  return only.split(',').map((name) => {
    const found = SCENARIOS.find((scenario) => scenario.name === name)
    if (found === undefined) throw new Error(`--only: no scenario ${name}, see --list`)
    return found
  })
}

function positive(option: string, text: string): number {
  const value = Number(text)
  if (value > 0) return value
  throw new Error(`${option}: expected a number above 0, got ${text}`)
}

async function bench(wanted: Wanted): Promise<Run> {
  const machine = describeMachine()
  const startedAt = new Date().toISOString()
  const directory = mkdtempSync(join(tmpdir(), 'lpr-bench-'))
  const profiles = wanted.profile ? join(wanted.out, 'profiles') : undefined
  const results: ScenarioResult[] = []
  const pair = availableParallelism() < 2 ? undefined : new CorePair(FILES.coreJob)
  const cores = pair && twoCores(pair, wanted.patienceMs)
  try {
    for (const [index, scenario] of wanted.scenarios.entries()) {
      const place = `[${index + 1}/${wanted.scenarios.length}]`
      const onProgress = (what: string): void => console.error(`${place} ${what}`)
      const files = { ...FILES, router: wanted.profile ? FILES.readableRouter : FILES.router }
      const subjects = subjectsOf(scenario, files, wanted.others)
      results.push(
        await measure(scenario, subjects, {
          ...wanted,
          files: FILES,
          cores,
          directory,
          profiles,
          onProgress,
        }),
      )
    }
  } finally {
    pair?.stop()
    rmSync(directory, { recursive: true, force: true })
  }
  const { name, rounds, pace } = wanted
  return { name, startedAt, machine, rounds, pace, cores: cores?.report, results }
}

function twoCores(pair: CorePair, patienceMs: number): TwoCores {
  return new TwoCores({
    slowdown: () => pair.slowdown(),
    patienceMs,
    now: () => performance.now(),
    sleep: setTimeout,
    onProgress: (what) => console.error(what),
  })
}

function write(run: Run, out: string): void {
  mkdirSync(out, { recursive: true })
  const files = {
    'run.json': `${JSON.stringify(run)}\n`,
    'summary.md': summary(run),
    ...charts(run.results),
  }
  for (const [name, content] of Object.entries(files)) writeFileSync(join(out, name), content)
}

try {
  const wanted = parse()
  if (typeof wanted === 'string') {
    process.stdout.write(wanted)
  } else {
    const run = await bench(wanted)
    write(run, wanted.out)
    console.log(summary(run))
    console.log(`written to ${wanted.out}`)
    if (failuresIn(run.results).length > 0) throw new Error('requests have failed')
  }
} catch (error) {
  console.error(error instanceof Error ? error.message : String(error))
  process.exitCode = 1
}
