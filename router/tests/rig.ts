import { type Manifest, validateManifest } from '@lpr/contract'
import { FaultyLambda, HttpConnection, ManualClock, type Outcome, type RequestParts } from '@lpr/test-kit'
import type { Clock } from '../src/clock.ts'
import { createLambdaInvoker } from '../src/invoke/lambda.ts'
import { Router, type RouterParts } from '../src/router.ts'
import { type InvocationEnded, type RequestEnded, type Retried, Telemetry } from '../src/telemetry/events.ts'

type Settings = Record<string, unknown>

export interface RigOptions {
  /** Settings of the manifest besides the routes. */
  config?: Settings
  /** `x-lpr` of every route. */
  lpr?: Settings
  /** Routes by template and method, each with its own `x-lpr` keys. Default: see `DEFAULT_PATHS`. */
  paths?: Record<string, Record<string, Settings>>
  clock?: Clock
  random?: () => number
}

/** `/b` is buffered, `/s` streams. */
const DEFAULT_PATHS = {
  '/b/{id}': { get: {}, post: {} },
  '/s/{id}': { get: { invokeMode: 'response_stream' }, post: { invokeMode: 'response_stream' } },
}

/** The function that a rig's route calls: named after the first segment of its template. */
export function targetOf(template: string): string {
  return `arn:aws:lambda:eu-central-1:123456789012:function:${template.split('/')[1]}`
}

/** A validated manifest with short templates; windows are long, because tests fill batches or move the clock. */
export function manifestOf({ config = {}, lpr = {}, paths = DEFAULT_PATHS }: RigOptions): Manifest {
  const defaults = { maxWaitMs: 1000, maxBatchSize: 4, timeoutMs: 10_000 }
  const operation = (template: string, settings: Settings) => ({
    'x-target-lambda': targetOf(template),
    'x-lpr': { ...defaults, ...lpr, ...settings },
  })
  const items = Object.entries(paths).map(([template, methods]) => {
    const operations = Object.entries(methods).map(([method, settings]) => [
      method,
      operation(template, settings),
    ])
    return [template, Object.fromEntries(operations)]
  })
  const { manifest, problems } = validateManifest({
    ListenAddr: '127.0.0.1:0',
    ShutdownDelayMs: 0,
    ShutdownTimeoutMs: 5000,
    ...config,
    Spec: { paths: Object.fromEntries(items) },
  })
  if (manifest === undefined) throw new Error(JSON.stringify(problems))
  return manifest
}

/** Points the AWS SDK at an endpoint, with credentials that are none. */
export function useEndpoint(url: string): void {
  Object.assign(process.env, {
    AWS_ENDPOINT_URL_LAMBDA: url,
    AWS_ACCESS_KEY_ID: 'test',
    AWS_SECRET_ACCESS_KEY: 'test',
    AWS_EC2_METADATA_DISABLED: 'true',
  })
}

/** The router as it is shipped, its invoker included, between real sockets and a Lambda endpoint that can misbehave. */
export class Rig {
  readonly lambda: FaultyLambda
  readonly router: Router
  readonly clock: ManualClock
  readonly telemetry: Telemetry
  readonly port: number
  readonly requestsEnded: RequestEnded[] = []
  readonly invocationsEnded: InvocationEnded[] = []
  readonly retries: Retried[] = []
  readonly #connections: HttpConnection[] = []

  private constructor(
    lambda: FaultyLambda,
    router: Router,
    telemetry: Telemetry,
    clock: ManualClock,
    port: number,
  ) {
    this.lambda = lambda
    this.router = router
    this.telemetry = telemetry
    this.clock = clock
    this.port = port
  }

  /** `more` may add to the parts that the router is made of, once there is a manifest. */
  static async start(
    options: RigOptions = {},
    more: (telemetry: Telemetry, manifest: Manifest) => Promise<Partial<RouterParts>> = async () => ({}),
  ): Promise<Rig> {
    const lambda = await FaultyLambda.start()
    useEndpoint(lambda.url)
    const manifest = manifestOf(options)
    const clock = new ManualClock()
    const telemetry = new Telemetry()
    const router = new Router(manifest, {
      invoker: createLambdaInvoker(manifest.MaxInflightInvocations),
      telemetry,
      clock: options.clock ?? clock,
      random: options.random ?? (() => 0),
      ...(await more(telemetry, manifest)),
    })
    const rig = new Rig(lambda, router, telemetry, clock, (await router.start()).port)
    telemetry.requestEnded.subscribe((event) => rig.requestsEnded.push(event))
    telemetry.invocationEnded.subscribe((event) => rig.invocationsEnded.push(event))
    telemetry.retried.subscribe((event) => rig.retries.push(event))
    return rig
  }

  async connect(): Promise<HttpConnection> {
    const connection = await HttpConnection.open(this.port)
    this.#connections.push(connection)
    return connection
  }

  /** One connection a request; resolves with the outcomes in order. */
  async send(...requests: (RequestParts | string)[]): Promise<Outcome[]> {
    return Promise.all((await this.begin(...requests)).map(({ outcome }) => outcome))
  }

  /** Sends requests, each on a connection of its own, and resolves when the router has admitted them all. */
  async begin(...requests: (RequestParts | string)[]) {
    const connections = await Promise.all(requests.map(() => this.connect()))
    const before = this.requestsEnded.length + this.router.figures.inflightRequests
    const begun = connections.map((connection, index) => {
      const parts = requests[index] ?? ''
      return { connection, ...connection.start(typeof parts === 'string' ? { path: parts } : parts) }
    })
    const seen = (): number => this.requestsEnded.length + this.router.figures.inflightRequests
    await until(() => seen() >= before + requests.length)
    return begun
  }

  /** Waits until nothing is under way: no request, no invocation, no timer. Fails the test through its time limit. */
  async quiet(): Promise<void> {
    const busy = (): boolean => Object.values(this.router.figures).some((figure) => figure > 0)
    await until(() => !busy() && this.clock.pending === 0)
  }

  /** Forgets what has happened so far, so that one rig serves many cases. */
  forget(): void {
    this.lambda.forget()
    this.requestsEnded.length = 0
    this.invocationsEnded.length = 0
    this.retries.length = 0
    for (const connection of this.#connections.splice(0)) connection.close()
  }

  async stop(): Promise<void> {
    for (const connection of this.#connections) connection.close()
    const stopped = this.router.stop()
    this.clock.advance(0)
    this.router.abort()
    await stopped
    await this.lambda.close()
  }
}

/** Waits until a condition holds; gives up through the test's own time limit. */
export async function until(condition: () => boolean): Promise<void> {
  while (!condition()) await new Promise(setImmediate)
}

/** The router's error code, or the status of any other answer, or how the connection ended. */
export function verdict({ kind, status, headers }: Outcome): string {
  if (kind !== 'response') return kind
  return headers.get('x-lpr-error')?.[0] ?? String(status)
}
