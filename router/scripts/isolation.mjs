// Sends requests with secrets through the built router among random faults; fails on any crossing, loss, repetition or leak.
//   npm run isolation -- [requests] [seed]
import { existsSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { importBundled } from './bundle.mjs'

/** The memory that is measured at the end is compared with the memory after so many requests. */
const WARM_REQUESTS = 20_000
const LARGEST_GROWTH = 0.1
// What V8 and the C library keep for later use depends on the highest load of any moment, and would drown what is held:
// so V8's young generation is limited, and the allocator is told to give back what is freed.
const NODE_OPTIONS = ['--expose-gc', '--max-semi-space-size=16', '--import', pathOf('./memory-probe.mjs')]
const ALLOCATOR = {
  MALLOC_ARENA_MAX: '2',
  MALLOC_MMAP_THRESHOLD_: '131072',
  MALLOC_TRIM_THRESHOLD_: '131072',
}

const [requests = 200_000, seed = Date.now() % 2 ** 31] = process.argv.slice(2).map(Number)
const bundle = pathOf('../dist/lpr-router.mjs')
if (!(requests > 0)) throw new Error(`requests must be a number above 0, got ${process.argv[2]}`)
if (!existsSync(bundle)) throw new Error(`${bundle} is missing: build the router first`)

Object.assign(process.env, ALLOCATOR)
const { runIsolation } = await importBundled('isolation/run')
const { launchShipped } = await importBundled('isolation/subject')
let router
const memory = []
const startedAt = performance.now()
const summary = await runIsolation({
  requests,
  seed,
  async launch(manifest) {
    router = await launchShipped(manifest, bundle, NODE_OPTIONS)
    return router
  },
  onProgress(done) {
    const seconds = (performance.now() - startedAt) / 1000
    if (done % 10_000 === 0)
      console.log(`${done} of ${requests} requests, ${Math.round(done / seconds)} a second`)
  },
  checkpoints: [Math.min(WARM_REQUESTS, requests), requests].map((after) => ({
    after,
    reached: async () => memory.push({ after, ...(await router.memory()) }),
  })),
})

console.log(JSON.stringify(summary, undefined, 2))
for (const { after, resident, heap } of memory)
  console.log(`router after ${after} requests: ${resident} MiB resident, ${heap} MiB heap`)
const [warm, last] = memory
const growth = last.resident / warm.resident - 1
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

function pathOf(place) {
  return fileURLToPath(new URL(place, import.meta.url))
}
