// Replaces the built router under load, round after round; fails if a request or stream fails, or an exit is late.
//   npm run drain-rounds -- [rounds]
import { existsSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { importBundled } from './bundle.mjs'

const [rounds = 20] = process.argv.slice(2).map(Number)
const bundle = fileURLToPath(new URL('../dist/lpr-router.mjs', import.meta.url))
if (!(rounds > 0)) throw new Error(`rounds must be a number above 0, got ${process.argv[2]}`)
if (!existsSync(bundle)) throw new Error(`${bundle} is missing: build the router first`)

const { runDrainRounds, SHUTDOWN_DELAY_MS, SHUTDOWN_TIMEOUT_MS } = await importBundled('drain/rounds')
console.log(`ShutdownDelayMs ${SHUTDOWN_DELAY_MS}, ShutdownTimeoutMs ${SHUTDOWN_TIMEOUT_MS}`)
console.log('round  requests  failed  exit code  exit after ms')
const done = await runDrainRounds({
  rounds,
  bundle,
  onRound({ round, requests, failures, exitCode, exitMs }) {
    const cells = [
      [round, 5],
      [requests, 10],
      [failures.length, 8],
      [exitCode ?? '-', 11],
      [exitMs, 15],
    ]
    console.log(cells.map(([value, width]) => String(value).padStart(width)).join(''))
    for (const failure of failures) console.log(`       ${failure}`)
  },
})
const failed = done.flatMap(({ failures }) => failures)
const requests = done.reduce((sum, round) => sum + round.requests, 0)
console.log(`${requests} requests in ${done.length} rounds, ${failed.length} failed`)
process.exit(failed.length === 0 ? 0 : 1)
