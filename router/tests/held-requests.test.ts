import { execFileSync } from 'node:child_process'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { answerWell, FaultyLambda, HttpConnection, neverAnswer, type Outcome } from '@lpr/test-kit'
import { Instance } from './instance.ts'
import { manifestOf, useEndpoint } from './rig.ts'

const ROOT = fileURLToPath(new URL('../..', import.meta.url))
const BATCH = 10
const REQUESTS = 1000
const WARM_UPS = 3
/** It is 4.1 to 4.3 KB, most of it Node's. Names for closures, or the text of the event, would be 1 to 2 KB more. */
const ALLOWED_BYTES_PER_REQUEST = 5000

/** Loaded into the router's process: answers with what its heap holds. */
const PROBE = `
process.on('message', () => {
  globalThis.gc()
  process.send(process.memoryUsage().heapUsed)
})
process.channel.unref()
`

function ask(connections: HttpConnection[]): Promise<Outcome>[] {
  const body = Buffer.alloc(1024, 'a body that is text, ')
  return connections.map((connection) => connection.request({ method: 'POST', path: '/b/1', body }))
}

beforeAll(() => {
  execFileSync(process.execPath, ['scripts/build.mjs', 'router'], { cwd: ROOT, stdio: 'pipe' })
})

test('A request in flight holds little in the heap beyond what Node needs for it', async () => {
  const directory = await mkdtemp(join(tmpdir(), 'lpr-held-requests-'))
  const lambda = await FaultyLambda.start()
  let instance: Instance | undefined
  try {
    const config = join(directory, 'config.json')
    const limits = { MaxInflightRequests: 2 * REQUESTS, MaxInflightInvocations: REQUESTS }
    await writeFile(
      config,
      JSON.stringify(manifestOf({ config: limits, lpr: { maxBatchSize: BATCH, timeoutMs: 60_000 } })),
    )
    useEndpoint(lambda.url)
    const probe = `data:text/javascript,${encodeURIComponent(PROBE)}`
    instance = await Instance.start(`${ROOT}router/dist/lpr-router.mjs`, config, [
      '--expose-gc',
      '--import',
      probe,
    ])
    const heapUsed = (): Promise<number> => (instance as Instance).message<number>('how much?')
    lambda.behaviour = neverAnswer
    const { port } = instance
    const connections = await Promise.all(Array.from({ length: REQUESTS }, () => HttpConnection.open(port)))
    // What the first rounds leave behind is code, and connections to the function.
    for (let round = 0; round < WARM_UPS; round++) {
      const outcomes = ask(connections)
      await lambda.call(REQUESTS / BATCH)
      for (const call of lambda.calls.splice(0)) await answerWell(call)
      await Promise.all(outcomes)
    }
    const before = await heapUsed()
    // On the same connections. With new ones it would be chance whether the router had yet seen that the old were closed.
    const held = ask(connections)
    await lambda.call(REQUESTS / BATCH)
    const after = await heapUsed()
    for (const connection of connections) connection.close()
    await Promise.all(held)
    expect((after - before) / REQUESTS).toBeLessThan(ALLOWED_BYTES_PER_REQUEST)
  } finally {
    instance?.kill()
    await lambda.close()
    await rm(directory, { recursive: true })
  }
}, 20_000)
