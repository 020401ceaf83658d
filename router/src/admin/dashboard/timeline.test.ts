import { ManualClock } from '@lpr/test-kit'
import { type InvocationStarted, Telemetry } from '../../telemetry/events.ts'
import { Timeline } from './timeline.ts'

function watched() {
  const clock = new ManualClock()
  const telemetry = new Telemetry()
  const timeline = new Timeline(clock)
  timeline.start(telemetry)
  return { clock, telemetry, timeline }
}

const facts = { batchId: 'b-1', routeKey: 'GET /a', attempt: 1 } as InvocationStarted

function open(telemetry: Telemetry, batchId = 'b-1', requestId = 'r-1'): void {
  telemetry.batchOpened.publish?.({ batchId, routeKey: 'GET /a' })
  telemetry.itemJoined.publish?.({ batchId, routeKey: 'GET /a', requestId, bytes: 1 })
}

test('a batch is followed from its first request to its last record', () => {
  const { clock, telemetry, timeline } = watched()
  open(telemetry)
  clock.advance(5)
  telemetry.batchFlushed.publish?.({
    batchId: 'b-1',
    routeKey: 'GET /a',
    flushReason: 'window',
    batchSize: 1,
    requestIds: ['r-1'],
  })
  clock.advance(1)
  telemetry.invocationStarted.publish?.(facts)
  expect(timeline.changes()).toEqual({
    nowMs: 6,
    batches: [
      {
        batchId: 'b-1',
        routeKey: 'GET /a',
        openedAtMs: 0,
        flushedAtMs: 5,
        flushReason: 'window',
        invokedAtMs: 6,
        items: [{ joinedAtMs: 0 }],
        more: 0,
      },
    ],
  })
  expect(timeline.changes().batches).toEqual([])
  clock.advance(4)
  telemetry.responseStarted.publish?.({ requestId: 'r-1', status: 200, batchId: 'b-1' })
  telemetry.invocationEnded.publish?.({ ...facts, outcome: 'ok' } as never)
  expect(timeline.changes().batches).toMatchObject([
    { endedAtMs: 10, outcome: 'ok', items: [{ joinedAtMs: 0, answeredAtMs: 10, status: 200 }] },
  ])
  expect(timeline.changes().batches).toEqual([])
})

test('a retry begins no second invocation, and a batch without one says that it was dropped', () => {
  const { clock, telemetry, timeline } = watched()
  open(telemetry)
  telemetry.invocationStarted.publish?.(facts)
  clock.advance(3)
  telemetry.invocationStarted.publish?.({ ...facts, attempt: 2 })
  open(telemetry, 'b-2', 'r-2')
  telemetry.batchDropped.publish?.({ batchId: 'b-2', routeKey: 'GET /a' })
  expect(timeline.changes().batches).toMatchObject([
    { batchId: 'b-1', invokedAtMs: 0 },
    { batchId: 'b-2', outcome: 'dropped' },
  ])
})

test('of many batches a few are followed, and of a large one the first requests', () => {
  const { telemetry, timeline } = watched()
  for (let batch = 0; batch < 100; batch += 1) open(telemetry, `b-${batch}`, `r-${batch}`)
  for (let request = 0; request < 100; request += 1)
    telemetry.itemJoined.publish?.({
      batchId: 'b-0',
      routeKey: 'GET /a',
      requestId: `x-${request}`,
      bytes: 1,
    })
  const { batches } = timeline.changes()
  expect(batches).toHaveLength(6)
  expect(batches[0]?.items).toHaveLength(64)
  expect(batches[0]?.more).toBe(37)
})

test('a batch of which nothing more is heard is let go, so that others are followed', () => {
  const { clock, telemetry, timeline } = watched()
  for (let look = 0; look < 20; look += 1) {
    for (let batch = 0; batch < 6; batch += 1) open(telemetry, `b-${look}-${batch}`, `r-${look}-${batch}`)
    timeline.changes()
  }
  open(telemetry, 'b-late', 'r-late')
  expect(timeline.changes().batches).toEqual([])
  clock.advance(121_000)
  timeline.changes()
  open(telemetry, 'b-later', 'r-later')
  expect(timeline.changes().batches).toMatchObject([{ batchId: 'b-later' }])
})

test('while nobody looks nothing is followed', () => {
  const { telemetry, timeline } = watched()
  timeline.stop()
  expect(telemetry.itemJoined.publish).toBeUndefined()
})
