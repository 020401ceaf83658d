import type { Plan, Scenario } from './scenario.ts'

const KIB = 1024
const CONNECTIONS: Plan = { kind: 'closed', connections: 256 }

/** What scenarios have in common: full batches of 16, 1 KiB each way, a function that takes 5 ms. */
const USUAL: Omit<Scenario, 'name' | 'about'> = {
  subjects: ['router', 'bare'],
  shape: { bodyBytes: KIB, routes: 1, keys: 1 },
  answer: { serviceMs: 5, bodyBytes: KIB },
  lpr: { maxBatchSize: 16, maxWaitMs: 10 },
  config: {},
  plan: CONNECTIONS,
  durationMs: 1000,
  short: false,
}

/** At 16 to a batch also what watching costs. A bare server does there what it does with batches of one. */
const SUBJECTS: Record<string, Scenario['subjects']> = {
  'buffered-b1': ['router'],
  'buffered-b16': ['router', 'bare', 'direct', 'observed', 'traced'],
}

/** There are clients enough to fill batches, so that the window never ends one. */
function batchSizes(): Scenario[] {
  return (['buffered', 'response_stream'] as const).flatMap((invokeMode) =>
    [1, 4, 16, 64].map((maxBatchSize): Scenario => {
      const name = `${invokeMode === 'buffered' ? 'buffered' : 'stream'}-b${maxBatchSize}`
      const about = `${invokeMode} routes, ${maxBatchSize} to a batch`
      const lpr = { ...USUAL.lpr, maxBatchSize, invokeMode }
      const short = invokeMode === 'buffered' && [1, 16].includes(maxBatchSize)
      const subjects = SUBJECTS[name] ?? USUAL.subjects
      return { ...USUAL, name, about, lpr, short, subjects }
    }),
  )
}

function bodies(): Scenario[] {
  return [0, 64 * KIB, 1024 * KIB].flatMap((bodyBytes) =>
    (['buffered', 'response_stream'] as const).map((invokeMode): Scenario => {
      // One short of the limit, because the event around a body counts too.
      const bytes = Math.min(bodyBytes, 1024 * KIB - 1)
      return {
        ...USUAL,
        name: `${invokeMode === 'buffered' ? 'buffered' : 'stream'}-${bodyBytes / KIB}k`,
        about: `${invokeMode} routes, bodies of ${bodyBytes / KIB} KiB both ways`,
        shape: { ...USUAL.shape, bodyBytes: bytes },
        answer: { ...USUAL.answer, bodyBytes: bytes },
        lpr: { ...USUAL.lpr, invokeMode },
        plan: { kind: 'closed', connections: bodyBytes > 64 * KIB ? 16 : 64 },
      }
    }),
  )
}

/** 50 routes and 1000 keys spread the requests so thin that windows end batches; the wait is as long as it takes. */
function spread(): Scenario[] {
  return [
    {
      ...USUAL,
      name: 'routes-50',
      about: '50 routes that take turns',
      shape: { ...USUAL.shape, routes: 50 },
      plan: { kind: 'closed', connections: 800 },
    },
    {
      ...USUAL,
      name: 'keys-1000',
      about: '1000 batch keys that take turns',
      shape: { ...USUAL.shape, keys: 1000 },
      plan: { kind: 'closed', connections: 1000 },
    },
  ]
}

const WITH_BATCH_HEADERS = { IncludeBatchHeaders: true }

/** At 4000 a second 80,000 requests, after those at full load. */
const RANDOM_WARM_UP_MS = 20_000

/** What a client meets, requests coming at random. */
function latencies(): Scenario[] {
  const at = (ofSaturation: number): Scenario => ({
    ...USUAL,
    name: `load-${ofSaturation * 100}`,
    about: `random arrivals at ${ofSaturation * 100} % of the rate that 64 clients can bring about`,
    subjects: ['router'],
    config: WITH_BATCH_HEADERS,
    plan: { kind: 'share', ofSaturation, connections: 256, warmUpMs: RANDOM_WARM_UP_MS },
    durationMs: 3000,
    short: ofSaturation === 0.5,
  })
  return [0.1, 0.25, 0.5, 0.7, 0.85].map(at)
}

const SSE: Scenario = {
  ...USUAL,
  name: 'sse-1000',
  about: '1000 clients of server-sent events, each for 3 s, 333 new ones a second',
  subjects: ['router'],
  shape: { bodyBytes: 0, routes: 1, keys: 1 },
  answer: { serviceMs: 5, bodyBytes: 64, events: { count: 6, intervalMs: 500 } },
  lpr: { maxBatchSize: 16, maxWaitMs: 10, invokeMode: 'response_stream' },
  config: WITH_BATCH_HEADERS,
  // CPU a stream falls until there have been more than 10,000.
  plan: { kind: 'poisson', rps: 333, connections: 64, warmUpMs: 35_000 },
  durationMs: 5000,
  short: true,
}

const MEMORY: Scenario = {
  ...USUAL,
  name: 'inflight-4096',
  about: '4096 clients in a function that takes 1 s',
  subjects: ['router'],
  answer: { serviceMs: 1000, bodyBytes: KIB },
  config: { MaxInflightRequests: 4096, MaxInflightInvocations: 256, MaxQueueDepthPerKey: 4096 },
  plan: { kind: 'closed', connections: 4096 },
  durationMs: 3000,
  short: true,
}

/** What remains of the aims where less is done: nothing but batches and calls, or not even those. */
function floors(): Scenario[] {
  const beside: Pick<Scenario, 'subjects' | 'short'> = {
    subjects: ['router', 'alone', 'least'],
    short: false,
  }
  return [
    {
      ...USUAL,
      ...beside,
      name: 'floor-b16',
      about: 'buffered routes, 16 to a batch',
      subjects: ['router', 'bare', 'least'],
    },
    {
      ...USUAL,
      ...beside,
      name: 'floor-load',
      about: '4000 requests a second at random, half of what the router can take or less',
      config: WITH_BATCH_HEADERS,
      plan: { kind: 'poisson', rps: 4000, connections: 256, warmUpMs: RANDOM_WARM_UP_MS },
      durationMs: 3000,
    },
    { ...SSE, ...beside, name: 'floor-sse' },
    { ...MEMORY, ...beside, name: 'floor-inflight' },
  ]
}

/** Invocations are what there is too little of: 8 at once, 4 requests each, 50 ms, so 640 requests a second. */
const OVERLOAD_CAPACITY_RPS = 640

function overloads(): Scenario[] {
  return [1, 2, 5].map((times) => ({
    ...USUAL,
    name: `overload-${times}x`,
    about: `${times} times the requests that the permitted invocations can take`,
    subjects: ['router'],
    answer: { serviceMs: 50, bodyBytes: KIB },
    lpr: { maxBatchSize: 4, maxWaitMs: 10 },
    config: { MaxInflightInvocations: 8, MaxPendingInvocations: 16, MaxInflightRequests: 256 },
    // What is looked at is who is refused and how soon, which takes no compiled code.
    plan: { kind: 'poisson', rps: times * OVERLOAD_CAPACITY_RPS, connections: 128, warmUpMs: 3000 },
    durationMs: 1500,
    short: true,
  }))
}

/** Every scenario, in the order of the report. */
export const SCENARIOS: Scenario[] = [
  ...batchSizes(),
  ...bodies(),
  ...spread(),
  ...latencies(),
  SSE,
  MEMORY,
  ...overloads(),
  ...floors(),
]
