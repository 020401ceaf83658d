import { readFileSync } from 'node:fs'
import { Telemetry } from '../src/index.ts'
import { Rig, type RigOptions } from './rig.ts'

let rig: Rig | undefined

afterEach(async () => {
  await rig?.stop()
  rig = undefined
})

type Told = [name: string, fields: Record<string, unknown>]

/** A rig that remembers every event in order, request ids as the clients' paths. */
async function start(options: RigOptions) {
  rig = await Rig.start(options)
  const told: Told[] = []
  for (const [name, channel] of Object.entries(rig.telemetry)) {
    channel.subscribe((event: object) => told.push([name, { ...event }]))
  }
  return { rig, told, names: () => told.map(([name]) => name) }
}

test('a request and its batch are told of in order', async () => {
  const { rig, told, names } = await start({ lpr: { maxBatchSize: 1 } })
  await rig.send('/b/1')
  await rig.quiet()
  expect(names()).toEqual([
    'requestStarted',
    'batchOpened',
    'itemJoined',
    'batchFlushed',
    'invocationStarted',
    'responseStarted',
    'invocationEnded',
    'requestEnded',
  ])
  const { requestId } = told[0]?.[1] ?? {}
  const { batchId } = told[1]?.[1] ?? {}
  expect(told[3]?.[1]).toEqual({
    batchId,
    routeKey: 'GET /b/{id}',
    flushReason: 'size',
    batchSize: 1,
    requestIds: [requestId],
  })
  expect(told[4]?.[1]).toMatchObject({ batchId, attempt: 1, items: [{ requestId, waitMs: 0 }] })
  expect(told[5]?.[1]).toEqual({ requestId, batchId, status: 200 })
  expect(told[7]?.[1]).toMatchObject({ requestId, batchId, outcome: 'sent', probe: false })
})

test('a client is told its wait to the microsecond, as every log and span is', async () => {
  const config = { IncludeBatchHeaders: true }
  const { rig, told } = await start({ config, lpr: { maxBatchSize: 2, maxWaitMs: 5000 } })
  const [first] = await rig.begin('/b/1')
  rig.clock.advance(7.1234)
  const [second] = await rig.begin('/b/2')
  const waits = [await first?.outcome, await second?.outcome].map((o) =>
    o?.headers.get('x-lpr-batch-wait-ms'),
  )
  expect(waits).toEqual([['7.123'], ['0']])
  const invocation = told.find(([name]) => name === 'invocationStarted')?.[1]
  expect(invocation).toMatchObject({ items: [{ waitMs: expect.closeTo(7.1234) }, { waitMs: 0 }] })
})

test('a batch whose last request leaves is dropped', async () => {
  const { rig, told, names } = await start({})
  const [begun] = await rig.begin('/b/1')
  begun?.connection.close()
  await rig.quiet()
  expect(names()).toEqual(['requestStarted', 'batchOpened', 'itemJoined', 'batchDropped', 'requestEnded'])
  expect(told.at(-1)?.[1]).toMatchObject({ outcome: 'client_gone', batchId: undefined })
})

test('health checks are told of as probes', async () => {
  const { rig, told } = await start({})
  await rig.send('/healthz')
  expect(told.at(-1)).toMatchObject(['requestEnded', { probe: true, status: 200, routeKey: undefined }])
})

test('what is no HTTP is told of as rejected', async () => {
  const { rig, told } = await start({})
  const connection = await rig.connect()
  await connection.start({ path: '/b/1', headers: [['content-length', 'x']] }).outcome
  expect(told).toMatchObject([['requestRejected', { code: 'bad_request', status: 400 }]])
})

test('docs/observability.md lists every event', () => {
  const page = readFileSync(new URL('../../docs/observability.md', import.meta.url), 'utf8')
  const section = page.split('\n## ').find((part) => part.startsWith('Events')) ?? ''
  const listed = [...section.matchAll(/^\| `(\w+)` \|/gm)].map(([, name]) => name)
  expect(listed).toEqual(Object.keys(new Telemetry()))
})
