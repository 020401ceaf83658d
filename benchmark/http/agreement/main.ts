import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import { measure } from '../measure.ts'
import { describeMachine } from '../report/machine.ts'
import type { Scenario } from '../scenarios/scenario.ts'
import {
  ADAPTIVE,
  type AgreementCase,
  agreementCases,
  MAX_BATCH_SIZE,
  MAX_WAIT_MS,
  SERVICE_MS,
  simulated,
  spread,
} from './cases.ts'
import { type Agreement, agreementTable } from './table.ts'

const USAGE =
  'node benchmark/http/run.mjs agreement [--seed 1] [--out benchmark/results/<date>-agreement]\n' +
  'Sends recorded arrivals through the running router and compares its invocations with the simulation.'

const here = dirname(fileURLToPath(import.meta.url))
const FILES = { load: join(here, 'load.mjs'), lambda: join(here, 'lambda.mjs') }
const ROUTER = join(here, '../../../router/bin/lpr-router.mjs')

const { values } = parseArgs({
  options: {
    seed: { type: 'string', default: '1' },
    out: { type: 'string', default: `benchmark/results/${new Date().toISOString().slice(0, 10)}-agreement` },
    help: { type: 'boolean', default: false },
  },
})

function scenarioOf({ pattern, policy }: AgreementCase, file: string): Scenario {
  return {
    name: `${pattern.replaceAll(' ', '-')}-${policy}`,
    about: `${pattern}, ${policy} window`,
    subjects: ['router'],
    shape: { bodyBytes: 0, routes: 1, keys: 1 },
    answer: { serviceMs: SERVICE_MS, bodyBytes: 16, keepArrivals: true },
    lpr: {
      maxBatchSize: MAX_BATCH_SIZE,
      maxWaitMs: MAX_WAIT_MS,
      ...(policy === 'adaptive' ? { adaptiveWait: ADAPTIVE } : {}),
    },
    config: {},
    plan: { kind: 'recorded', file, connections: 128 },
    durationMs: 0,
    short: false,
  }
}

async function compare(wanted: AgreementCase, directory: string): Promise<Agreement> {
  const file = join(directory, 'arrivals.txt')
  writeFileSync(file, wanted.arrivals.join('\n'))
  const router = { name: 'router', command: [process.execPath, ROUTER], env: {} }
  const { samples } = await measure(scenarioOf(wanted, file), [router], {
    rounds: 1,
    pace: 1,
    profiles: undefined,
    files: FILES,
    cores: undefined,
    directory,
    onProgress: (what) => console.error(what),
  })
  const [sample] = samples
  if (sample === undefined) throw new Error('expected one sample, got none')
  const { invocations, items, arrivals } = sample.function
  return {
    pattern: wanted.pattern,
    policy: wanted.policy,
    requests: wanted.arrivals.length,
    planned: simulated(wanted.policy, wanted.arrivals),
    simulated: simulated(wanted.policy, spread(arrivals)),
    measured: invocations / items,
    failed: wanted.arrivals.length - sample.load.ok,
  }
}

async function run(): Promise<void> {
  const directory = mkdtempSync(join(tmpdir(), 'lpr-agreement-'))
  const agreements: Agreement[] = []
  try {
    for (const wanted of agreementCases(Number(values.seed)))
      agreements.push(await compare(wanted, directory))
  } finally {
    rmSync(directory, { recursive: true, force: true })
  }
  const machine = describeMachine()
  const table = agreementTable(agreements)
  mkdirSync(values.out, { recursive: true })
  writeFileSync(join(values.out, 'agreement.json'), `${JSON.stringify({ machine, agreements }, null, 1)}\n`)
  writeFileSync(join(values.out, 'summary.md'), table)
  console.log(table)
}

if (values.help) console.log(USAGE)
else await run()
