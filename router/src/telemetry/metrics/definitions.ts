/** One metric: what it is called in OTLP, what it counts, and the labels that its series have. */
export interface MetricDefinition {
  kind: 'counter' | 'histogram' | 'gauge'
  /** UCUM, or `{thing}` for things that are counted. */
  unit: string
  description: string
  /** OTLP attribute names; in Prometheus dots become underscores. */
  labels: readonly string[]
  /** Upper bounds of a histogram's buckets. */
  buckets?: readonly number[]
}

/** Those of `http.server.request.duration` in the semantic conventions. */
const REQUEST_SECONDS = [0.005, 0.01, 0.025, 0.05, 0.075, 0.1, 0.25, 0.5, 0.75, 1, 2.5, 5, 7.5, 10]
/** Windows are a few milliseconds, so the waits need finer steps at the low end. */
const WAIT_SECONDS = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5]
const SIZES = [1, 2, 4, 8, 16, 32, 64, 128, 256, 512]

const ROUTE = ['http.route', 'method', 'function'] as const

/** Every metric of the router. `docs/observability.md` has it as a table; a test keeps both in step. */
export const METRICS = {
  'http.server.request.duration': {
    kind: 'histogram',
    unit: 's',
    description: 'From the head of a request to the last byte of its response.',
    labels: ['http.request.method', 'http.response.status_code', 'http.route', 'error.type', 'url.scheme'],
    buckets: REQUEST_SECONDS,
  },
  'lpr.batch.size': {
    kind: 'histogram',
    unit: '{request}',
    description: 'Requests of a batch when it is invoked.',
    labels: ROUTE,
    buckets: SIZES,
  },
  'lpr.batch.wait': {
    kind: 'histogram',
    unit: 's',
    description: 'From the arrival of a request to the start of its invocation.',
    labels: ROUTE,
    buckets: WAIT_SECONDS,
  },
  'lpr.batches': {
    kind: 'counter',
    unit: '{batch}',
    description: 'Batches invoked, by what ended their window.',
    labels: [...ROUTE, 'flush_reason'],
  },
  'lpr.invoke.duration': {
    kind: 'histogram',
    unit: 's',
    description: 'From the call of a function to the end of its answer, each attempt by itself.',
    labels: [...ROUTE, 'outcome'],
    buckets: REQUEST_SECONDS,
  },
  'lpr.items': {
    kind: 'counter',
    unit: '{request}',
    description: 'Requests that were in an invocation, by how they ended.',
    labels: [...ROUTE, 'outcome'],
  },
  'lpr.rejected': {
    kind: 'counter',
    unit: '{request}',
    description: 'Requests that the router refused by itself.',
    labels: [...ROUTE, 'code'],
  },
  'lpr.retries': {
    kind: 'counter',
    unit: '{invocation}',
    description: 'Invocations tried again, by what had failed.',
    labels: [...ROUTE, 'failure'],
  },
  'lpr.stream.resets': {
    kind: 'counter',
    unit: '{request}',
    description: 'Responses cut off after their head was sent.',
    labels: ROUTE,
  },
  'lpr.stray.records': {
    kind: 'counter',
    unit: '{record}',
    description: 'Records of functions that reached nobody.',
    labels: [...ROUTE, 'kind'],
  },
  'lpr.queue.depth': {
    kind: 'gauge',
    unit: '{request}',
    description: 'Requests that wait for their invocation.',
    labels: ROUTE,
  },
  'lpr.pending.invocations': {
    kind: 'gauge',
    unit: '{batch}',
    description: 'Flushed batches that wait for a free invocation.',
    labels: ROUTE,
  },
  'lpr.inflight.invocations': {
    kind: 'gauge',
    unit: '{invocation}',
    description: 'Invocations under way.',
    labels: ROUTE,
  },
  'lpr.inflight.requests': {
    kind: 'gauge',
    unit: '{request}',
    description: 'Admitted requests whose response is not over.',
    labels: [],
  },
  'lpr.batch.keys': {
    kind: 'gauge',
    unit: '{key}',
    description: 'Batch keys in use or remembered.',
    labels: ROUTE,
  },
  'process.cpu.time': {
    kind: 'counter',
    unit: 's',
    description: 'CPU time of the process.',
    labels: ['cpu.mode'],
  },
  'process.memory.usage': {
    kind: 'gauge',
    unit: 'By',
    description: 'Resident memory of the process.',
    labels: [],
  },
  'nodejs.eventloop.utilization': {
    kind: 'gauge',
    unit: '1',
    description: 'Share of the time since the last reading in which the event loop was busy.',
    labels: [],
  },
} as const satisfies Record<string, MetricDefinition>

export type MetricName = keyof typeof METRICS
