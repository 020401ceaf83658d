import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { createInterface } from 'node:readline'
import { HttpConnection, type Outcome, type RequestParts } from '@lpr/test-kit'

export interface Exit {
  code: number | null
  signal: NodeJS.Signals | null
  /** From SIGTERM; undefined when it ended by itself. */
  afterMs: number | undefined
}

/** A router process, as it is shipped. */
export class Instance {
  readonly port: number
  readonly adminPort: number | undefined
  readonly exited: Promise<Exit>
  /** Whether the balancer sends requests to it. */
  inService = false
  readonly #process: ChildProcess
  #signalledAtMs: number | undefined

  private constructor(
    child: ChildProcess,
    { port, adminPort }: Ports,
    exited: Promise<[number | null, NodeJS.Signals | null]>,
  ) {
    this.#process = child
    this.port = port
    this.adminPort = adminPort
    this.exited = exited.then(([code, signal]) => {
      const afterMs = this.#signalledAtMs === undefined ? undefined : performance.now() - this.#signalledAtMs
      return { code, signal, afterMs }
    })
  }

  static async start(bundle: string, config: string, nodeOptions: string[] = []): Promise<Instance> {
    const args = ['--no-warnings', ...nodeOptions, bundle, '--config', config]
    // Jest's variables are not the process's: without `env` the endpoint that a test has set would not be passed on.
    const child = spawn(process.execPath, args, {
      env: process.env,
      stdio: ['ignore', 'pipe', 'inherit', 'ipc'],
    })
    const exited = new Promise<[number | null, NodeJS.Signals | null]>((resolve, reject) => {
      child.once('exit', (code, signal) => resolve([code, signal]))
      child.once('error', reject)
    })
    const ports = await Promise.race([listeningPorts(child), exited.then(() => undefined)])
    if (ports === undefined) throw new Error(`${bundle} ended before it listened`)
    return new Instance(child, ports, exited)
  }

  get pid(): number {
    return this.#process.pid ?? 0
  }

  /** Asks a module that was loaded into the process beside the router, and resolves with its answer. */
  async message<Answer>(question: string): Promise<Answer> {
    this.#process.send(question)
    const [answer] = await once(this.#process, 'message')
    return answer as Answer
  }

  terminate(): void {
    this.#signalledAtMs = performance.now()
    this.#process.kill('SIGTERM')
  }

  kill(): void {
    this.#process.kill('SIGKILL')
  }

  async connect(): Promise<HttpConnection> {
    return HttpConnection.open(this.port)
  }

  /** One request on a connection of its own; undefined when none can be opened. */
  async ask(parts: RequestParts): Promise<Outcome | undefined> {
    try {
      const connection = await this.connect()
      const outcome = await connection.request(parts)
      connection.close()
      return outcome
    } catch {
      return undefined
    }
  }

  async ready(): Promise<boolean> {
    return (await this.ask({ path: '/readyz' }))?.status === 200
  }

  /** Resolves when it takes no more connections. */
  async closed(): Promise<void> {
    while ((await this.ask({ path: '/healthz' })) !== undefined) await new Promise(setImmediate)
  }
}

interface Ports {
  port: number
  adminPort?: number
}

async function listeningPorts(child: ChildProcess): Promise<Ports | undefined> {
  if (child.stdout === null) return undefined
  return new Promise((resolve) => {
    const reader = createInterface({ input: child.stdout as NodeJS.ReadableStream })
    // Read on after the ports are known, so that the process never waits for its log to be taken.
    reader.on('line', (line) => {
      if (line.includes('"event":"listening"')) resolve(JSON.parse(line) as Ports)
    })
  })
}
