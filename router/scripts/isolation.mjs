// Sends requests with secrets through a router among random faults; fails on any crossing, loss, repetition or leak.
//   npm run isolation -- [requests] [seed]
import { setTimeout } from 'node:timers/promises'
import { importBundled } from './bundle.mjs'

// Run with --expose-gc and a set --max-semi-space-size: left to itself, the size of V8's young generation follows how much
// is allocated, and would drown what is retained.
/** The memory that is measured at the end is compared with the memory after so many requests. */
const WARM_REQUESTS = 20_000
const LARGEST_GROWTH = 0.1
const LOOKS = 20
const LOOK_INTERVAL_MS = 100

const [requests = 200_000, seed = Date.now() % 2 ** 31] = process.argv.slice(2).map(Number)
const collect = globalThis.gc
if (collect === undefined) throw new Error('run with --expose-gc')
if (!(requests > 0)) throw new Error(`requests must be a number above 0, got ${process.argv[2]}`)

const { runIsolation } = await importBundled('isolation/run')
const memory = []
const startedAt = performance.now()
const summary = await runIsolation({
  requests,
  seed,
  onProgress(done) {
    const seconds = (performance.now() - startedAt) / 1000
    if (done % 10_000 === 0)
      console.log(`${done} of ${requests} requests, ${Math.round(done / seconds)} a second`)
  },
  checkpoints: [Math.min(WARM_REQUESTS, requests), requests].map((after) => ({
    after,
    reached: async () => memory.push({ after, ...(await residentMiB()) }),
  })),
})

console.log(JSON.stringify(summary, undefined, 2))
for (const { after, rss, heap } of memory)
  console.log(`after ${after} requests: ${rss} MiB resident, ${heap} MiB heap`)
const [warm, last] = memory
const growth = last.rss / warm.rss - 1
console.log(`resident memory: ${(growth * 100).toFixed(1)} % against ${warm.after} requests`)

const findings = ['crossings', 'lost', 'duplicated', 'spoiled'].filter((name) => summary[name] > 0)
findings.push(
  ...Object.keys(summary.left)
    .filter((name) => summary.left[name] > 0)
    .map((name) => `left ${name}`),
)
if (Math.abs(growth) > LARGEST_GROWTH) findings.push('resident memory')
console.log(findings.length === 0 ? 'isolation holds' : `isolation does not hold: ${findings.join(', ')}`)
process.exit(findings.length === 0 ? 0 : 1)

/** The least of several looks: V8 gives pages back some time after a collection, in threads of its own. */
async function residentMiB() {
  let least = Number.POSITIVE_INFINITY
  for (let look = 0; look < LOOKS; look++) {
    collect()
    await setTimeout(LOOK_INTERVAL_MS)
    least = Math.min(least, process.memoryUsage().rss)
  }
  return { rss: Math.round(least / 2 ** 20), heap: Math.round(process.memoryUsage().heapUsed / 2 ** 20) }
}
