import { execFileSync } from 'node:child_process'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { FaultyLambda, HttpConnection } from '@lpr/test-kit'
import { Instance } from './instance.ts'
import { manifestOf, useEndpoint } from './rig.ts'

const ROOT = fileURLToPath(new URL('../..', import.meta.url))
const CLIENTS = 32
const WARM_UP = 4000
const REQUESTS = 6000
/** Code that is optimised meanwhile counts too. A request that survives takes 6 KB and more. */
const ALLOWED_BYTES_PER_REQUEST = 2000
/** A full collection would take away what is looked for, and small heaps have them early. */
const LATE_COLLECTIONS = ['--initial-old-space-size=512']

interface OldGeneration {
  bytes: number
  /** Full collections since the last question; one would take away what is looked for. */
  collections: number
}

/** Loaded into the router's process: answers with what its old generation holds when the young one is empty. */
const PROBE = `
import { getHeapSpaceStatistics } from 'node:v8'
import { constants, performance, PerformanceObserver } from 'node:perf_hooks'
let sinceMs = 0
let collections = []
new PerformanceObserver((list) => {
  const major = list.getEntries().filter(({ detail }) => detail.kind === constants.NODE_PERFORMANCE_GC_MAJOR)
  collections.push(...major.map(({ startTime }) => startTime))
}).observe({ entryTypes: ['gc'] })
process.on('message', async (question) => {
  for (const type of question === 'after' ? ['minor', 'minor'] : ['major']) globalThis.gc({ type })
  const old = getHeapSpaceStatistics().find(({ space_name }) => space_name === 'old_space')
  const askedMs = performance.now()
  // What the collector did is told a little later.
  await new Promise((resolve) => setTimeout(resolve, 50))
  const meanwhile = collections.filter((startMs) => startMs > sinceMs && startMs < askedMs)
  process.send({ bytes: old.space_used_size, collections: meanwhile.length })
  sinceMs = askedMs
})
process.channel.unref()
`

async function send(port: number, path: string, requests: number): Promise<void> {
  const body = Buffer.alloc(1024, 'a body that is text, ')
  const client = async (): Promise<void> => {
    const connection = await HttpConnection.open(port)
    for (let sent = 0; sent < requests / CLIENTS; sent++) {
      const { status } = await connection.request({ method: 'POST', path, body })
      if (status !== 200) throw new Error(`expected 200, got ${status}`)
    }
    connection.socket.destroy()
  }
  await Promise.all(Array.from({ length: CLIENTS }, client))
}

beforeAll(() => {
  execFileSync(process.execPath, ['scripts/build.mjs', 'router'], { cwd: ROOT, stdio: 'pipe' })
})

test.each([
  ['buffered', '/b/1'],
  ['streamed', '/s/1'],
])(
  'A request whose answer is %s leaves nothing behind in the old generation',
  async (_, path) => {
    const directory = await mkdtemp(join(tmpdir(), 'lpr-old-generation-'))
    const lambda = await FaultyLambda.start()
    lambda.keepCalls = false
    let instance: Instance | undefined
    try {
      const config = join(directory, 'config.json')
      await writeFile(config, JSON.stringify(manifestOf({ lpr: { maxBatchSize: 4, maxWaitMs: 5 } })))
      useEndpoint(lambda.url)
      const probe = `data:text/javascript,${encodeURIComponent(PROBE)}`
      instance = await Instance.start(`${ROOT}router/dist/lpr-router.mjs`, config, [
        ...LATE_COLLECTIONS,
        '--expose-gc',
        '--import',
        probe,
      ])
      await send(instance.port, path, WARM_UP)
      const before = await instance.message<OldGeneration>('before')
      await send(instance.port, path, REQUESTS)
      const after = await instance.message<OldGeneration>('after')
      expect((after.bytes - before.bytes) / REQUESTS).toBeLessThan(ALLOWED_BYTES_PER_REQUEST)
      expect(after.collections).toBe(0)
    } finally {
      instance?.kill()
      await lambda.close()
      await rm(directory, { recursive: true })
    }
  },
  60_000,
)
