import type { BuiltIn, Config, Scenario } from '../scenarios/scenario.ts'

/** Something that serves the manifest of a scenario. */
export interface Subject {
  name: string
  /** Program and arguments; `--config` and the manifest's path are appended. */
  command: string[]
  /** Variables besides those that point the AWS SDK at the benchmark's function. */
  env: Record<string, string>
  /** What it is given besides the scenario's manifest. */
  config?: Config
  /** Multiplies its time at full load before anything is measured. */
  warmUp?: number
}

/** Parses `--subject name=command with arguments`. */
export function parseSubject(text: string): Subject {
  const [, name = '', line = ''] = /^([\w.-]+)=(.+)$/.exec(text) ?? []
  const command = line.split(/\s+/).filter((word) => word !== '')
  if (name === '' || command.length === 0)
    throw new Error(`--subject: expected name=command, got ${JSON.stringify(text)}`)
  return { name, command, env: {} }
}

export interface SubjectFiles {
  router: string
  bare: string
  direct: string
  alone: string
  least: string
}

/** Stands in variables for the port of the benchmark's function, which also takes spans. */
export const FUNCTION_PORT = '{functionPort}'

/** What the router's image gives to Node before the program, and as variables (`router/Dockerfile`). */
export const IMAGE_FLAGS = [
  '--max-semi-space-size=16',
  '--no-allocation-site-pretenuring',
  '--heap-growing-percent=50',
  '--incremental-marking-soft-trigger=40',
  '--retain-maps-for-n-gc=1000000',
  '--no-memory-reducer-favors-memory',
]
export const IMAGE_ENV = { MALLOC_ARENA_MAX: '1' }

/** What they say about the old generation and about maps, and the variable, is for Node.js 24, which the image runs; on Node.js 20 it costs CPU, or is not known. */
const OLDER = Number.parseInt(process.versions.node, 10) < 24
const NODE_FLAGS = OLDER ? IMAGE_FLAGS.slice(0, 2) : IMAGE_FLAGS
const NODE_ENV: Record<string, string> = OLDER ? {} : IMAGE_ENV

const OBSERVED: Config = { LogLevel: 'info', AdminListenAddr: '127.0.0.1:0' }
const TRACING = {
  OTEL_EXPORTER_OTLP_TRACES_ENDPOINT: `http://127.0.0.1:${FUNCTION_PORT}/v1/traces`,
  OTEL_EXPORTER_OTLP_TRACES_PROTOCOL: 'http/protobuf',
  OTEL_TRACES_SAMPLER: 'parentbased_traceidratio',
  OTEL_TRACES_SAMPLER_ARG: '0.01',
}

/** The subjects of a scenario: the built-in ones that it asks for, and with the router whatever is to run beside it. */
export function subjectsOf(
  { subjects, answer, lpr }: Scenario,
  files: SubjectFiles,
  others: Subject[],
): Subject[] {
  const node = (
    name: BuiltIn,
    file: string,
    env: Record<string, string> = {},
    config: Config = {},
  ): Subject => {
    return { name, command: [process.execPath, ...NODE_FLAGS, file], env: { ...NODE_ENV, ...env }, config }
  }
  const bareEnv = {
    BENCH_ANSWER_BYTES: String(answer.bodyBytes),
    BENCH_STREAMING: lpr.invokeMode === 'response_stream' ? '1' : '0',
  }
  const aloneEnv = {
    BENCH_ANSWER_BYTES: String(answer.bodyBytes),
    BENCH_SERVICE_MS: String(answer.serviceMs),
    BENCH_EVENTS: String(answer.events?.count ?? 0),
    BENCH_INTERVAL_MS: String(answer.events?.intervalMs ?? 0),
  }
  const leastEnv = {
    BENCH_MAX_BATCH_SIZE: String(lpr.maxBatchSize),
    BENCH_MAX_WAIT_MS: String(lpr.maxWaitMs),
    BENCH_STREAMING: bareEnv.BENCH_STREAMING,
  }
  const builtIn: Record<BuiltIn, Subject> = {
    router: node('router', files.router),
    observed: node('observed', files.router, {}, OBSERVED),
    // Only one request of a hundred takes the way of those that are recorded, so V8 knows it late.
    traced: { ...node('traced', files.router, TRACING, OBSERVED), warmUp: 2 },
    // It answers more than twice as many in the same time, and has little to compile.
    bare: { ...node('bare', files.bare, bareEnv), warmUp: 0.5 },
    direct: node('direct', files.direct),
    alone: node('alone', files.alone, aloneEnv),
    least: node('least', files.least, leastEnv),
  }
  return [...subjects.map((name) => builtIn[name]), ...(subjects.includes('router') ? others : [])]
}

/** The same subject, recording a CPU profile; only for programs that Node runs. */
export function profiled(subject: Subject, directory: string): Subject {
  const [program = '', ...args] = subject.command
  if (program !== process.execPath && program !== 'node') return subject
  const flags = ['--cpu-prof', `--cpu-prof-dir=${directory}`, '--cpu-prof-interval=500']
  return { ...subject, command: [program, ...flags, ...args] }
}
