import { ManualClock } from '@lpr/test-kit'
import fc from 'fast-check'
import { Telemetry } from '../telemetry/events.ts'
import { adaptiveWindow } from './adaptive-window.ts'
import type { Batch, BatchRoute } from './batch.ts'
import { Batcher } from './batcher.ts'
import { onePiece } from './event-buffer.ts'
import type { Item, Reply } from './item.ts'
import { Scheduler } from './scheduler.ts'
import { fixedWindow } from './window.ts'

/**
 * The batcher against what it promises, under any order of requests, time, leaving clients, ending invocations and a
 * drain. The model is the list of promises: it knows nothing of lanes or queues.
 */

type Step =
  | { do: 'submit'; route: number; key: string; bytes: number }
  | { do: 'advance'; ms: number }
  | { do: 'leave'; pick: number }
  | { do: 'finish'; pick: number }
  | { do: 'drain' }

const step: fc.Arbitrary<Step> = fc.oneof(
  {
    weight: 6,
    arbitrary: fc.record({
      do: fc.constant('submit' as const),
      route: fc.nat(1),
      key: fc.constantFrom('a', 'b', 'c'),
      bytes: fc.integer({ min: 1, max: 60 }),
    }),
  },
  { weight: 3, arbitrary: fc.record({ do: fc.constant('advance' as const), ms: fc.nat(30) }) },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('leave' as const), pick: fc.nat() }) },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('finish' as const), pick: fc.nat() }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('drain' as const) }) },
)

const limits = fc.record({
  maxBatchSize: fc.integer({ min: 1, max: 4 }),
  maxWaitMs: fc.nat(20),
  adaptive: fc.boolean(),
  maxQueueDepth: fc.integer({ min: 1, max: 8 }),
  routeInflight: fc.integer({ min: 1, max: 3 }),
  inflight: fc.integer({ min: 1, max: 3 }),
  pending: fc.integer({ min: 1, max: 4 }),
  keys: fc.integer({ min: 1, max: 3 }),
})

const MAX_PAYLOAD_BYTES = 150
const ENVELOPE_BYTES = 20
const IDLE_TTL_MS = 1000

interface Tracked {
  item: Item
  key: string
  route: BatchRoute
  submittedAtMs: number
  outcome: 'waiting' | 'invoked' | 'refused' | 'left'
}

class World {
  readonly clock = new ManualClock()
  readonly tracked: Tracked[] = []
  readonly running: { batch: Batch; end: () => void }[] = []
  readonly routes: (BatchRoute & { maxWaitMs: number })[]
  readonly scheduler: Scheduler
  readonly batcher: Batcher
  readonly #settings: Settings
  readonly #byItem = new Map<Item, Tracked>()

  constructor(settings: Settings) {
    this.#settings = settings
    this.routes = ['GET /x', 'GET /y'].map((routeKey) => ({
      routeKey,
      maxBatchSize: settings.maxBatchSize,
      maxQueueDepth: settings.maxQueueDepth,
      maxInflightInvocations: settings.routeInflight,
      envelopeBytes: ENVELOPE_BYTES,
      lastPayloadBytes: 0,
      maxWaitMs: settings.maxWaitMs,
    }))
    const caps = { maxInflightInvocations: settings.inflight, maxPendingInvocations: settings.pending }
    this.scheduler = new Scheduler(this.routes, caps, (batch) => this.#run(batch))
    this.batcher = new Batcher({
      clock: this.clock,
      telemetry: new Telemetry(),
      scheduler: this.scheduler,
      limits: {
        maxInvokePayloadBytes: MAX_PAYLOAD_BYTES,
        maxBatchKeysPerRoute: settings.keys,
        idleTtlMs: IDLE_TTL_MS,
      },
      newWindow: ({ maxBatchSize }) =>
        settings.adaptive
          ? adaptiveWindow({}, settings.maxWaitMs, maxBatchSize)
          : fixedWindow(settings.maxWaitMs),
      newBatchId: () => 'b',
    })
  }

  async apply(action: Step): Promise<void> {
    if (action.do === 'submit') this.#submit(action)
    if (action.do === 'advance') this.clock.advance(action.ms)
    if (action.do === 'leave') this.#leave(action.pick)
    if (action.do === 'finish')
      this.running.splice(action.pick % Math.max(1, this.running.length), 1)[0]?.end()
    if (action.do === 'drain') this.batcher.drain()
    await new Promise(setImmediate)
    this.#checkLimits()
  }

  /** Lets time pass and invocations end until nothing is left to do. */
  async settle(): Promise<void> {
    for (let round = 0; round < 1000 && this.tracked.some(({ outcome }) => outcome === 'waiting'); round++) {
      this.clock.advance(this.#settings.maxWaitMs)
      for (const { end } of this.running.splice(0)) end()
      await new Promise(setImmediate)
    }
    for (const { end } of this.running.splice(0)) end()
    await new Promise(setImmediate)
    // Keys that have learned something are kept for a while.
    this.clock.advance(3 * IDLE_TTL_MS)
  }

  #submit({ route: index, key, bytes }: Extract<Step, { do: 'submit' }>): void {
    const route = this.routes[index] as BatchRoute
    const fail = (): void => this.#end(item, 'refused')
    const silent = (): void => undefined
    const reply: Reply = {
      started: false,
      dispatched: silent,
      respond: silent,
      head: silent,
      chunk: silent,
      end: silent,
      fail,
    }
    const id = String(this.tracked.length)
    const arrivedAtMs = this.clock.now()
    const item: Item = {
      id,
      offset: 0,
      place: -1,
      bytes,
      arrivedAtMs,
      deadlineEpochMs: 0,
      tenantId: undefined,
      reply,
      batch: undefined,
    }
    const tracked: Tracked = { item, key, route, submittedAtMs: arrivedAtMs, outcome: 'waiting' }
    this.tracked.push(tracked)
    this.#byItem.set(item, tracked)
    if (this.batcher.submit(route, key, item, onePiece('')) !== undefined) this.#end(item, 'refused')
  }

  #leave(pick: number): void {
    const waiting = this.tracked.filter(({ outcome }) => outcome === 'waiting')
    const one = waiting[pick % Math.max(1, waiting.length)]
    if (one === undefined) return
    this.#end(one.item, 'left')
    this.batcher.withdraw(one.item)
  }

  #end(item: Item, outcome: Tracked['outcome']): void {
    const tracked = this.#byItem.get(item)
    // The heart of the matter: nobody ends twice.
    expect(tracked?.outcome).toBe('waiting')
    if (tracked !== undefined) tracked.outcome = outcome
  }

  #run(batch: Batch): Promise<void> {
    const members = [...batch.items].map((item) => this.#byItem.get(item) as Tracked)
    expect(members.length).toBeGreaterThanOrEqual(1)
    expect(members.length).toBeLessThanOrEqual(this.#settings.maxBatchSize)
    expect(new Set(members.map(({ key, route }) => `${route.routeKey} ${key}`)).size).toBe(1)
    const payload = ENVELOPE_BYTES + members.reduce((sum, { item }) => sum + item.bytes + 1, 0)
    expect(payload).toBeLessThanOrEqual(MAX_PAYLOAD_BYTES)
    for (const { item } of members) this.#end(item, 'invoked')
    return new Promise((resolve) => {
      const end = (): void => {
        for (const item of [...batch.items]) batch.remove(item)
        resolve()
      }
      this.running.push({ batch, end })
    })
  }

  #checkLimits(): void {
    expect(this.scheduler.inflightInvocations).toBe(this.running.length)
    expect(this.running.length).toBeLessThanOrEqual(this.#settings.inflight)
    expect(this.scheduler.pendingInvocations).toBeLessThanOrEqual(this.#settings.pending)
    for (const route of this.routes) {
      const own = this.running.filter(({ batch }) => batch.route === route).length
      expect(own).toBeLessThanOrEqual(this.#settings.routeInflight)
    }
    if (this.scheduler.pendingInvocations > 0 || this.running.length > 0) return
    // With nothing queued and nothing running, whoever still waits is inside a window.
    for (const { outcome, submittedAtMs } of this.tracked) {
      if (outcome === 'waiting')
        expect(this.clock.now() - submittedAtMs).toBeLessThanOrEqual(this.#settings.maxWaitMs)
    }
  }
}

type Settings = typeof limits extends fc.Arbitrary<infer Value> ? Value : never

test('every request ends exactly once, within every limit, whatever happens in whatever order', async () => {
  await fc.assert(
    fc.asyncProperty(limits, fc.array(step, { minLength: 1, maxLength: 60 }), async (settings, steps) => {
      const world = new World(settings)
      for (const action of steps) await world.apply(action)
      await world.settle()
      expect(world.tracked.filter(({ outcome }) => outcome === 'waiting')).toEqual([])
      expect(world.scheduler.inflightInvocations).toBe(0)
      expect(world.scheduler.pendingInvocations).toBe(0)
      // A drained router sweeps no keys: it is about to end.
      const swept = !steps.some((action) => action.do === 'drain')
      if (swept || !settings.adaptive) expect(world.batcher.keys).toBe(0)
      expect(world.clock.pending).toBe(0)
    }),
    { numRuns: 400 },
  )
})
