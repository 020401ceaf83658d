/** What the tests of the local Lambda share: functions from sources, a Lambda that runs them, and gates to hold them. */
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { createServer, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { InvokeCommand, type InvokeCommandOutput, LambdaClient } from '@aws-sdk/client-lambda'
import * as esbuild from 'esbuild'
import type { LocalFunction, LocalLambdaEvent, LocalLambdaOptions, LogLine } from './api.ts'
import { LocalLambda } from './local-lambda.ts'

/** Files of a function's code, by their path. */
export type Sources = Record<string, string>

const root = mkdtempSync(join(tmpdir(), 'lpr-local-lambda-'))
/** Where `buildNodeRuntime` puts its bundle. */
export const nodeRuntimePath = join(root, 'node-runtime.mjs')
let functionCount = 0

/** Bundles the Node.js runtime, once per test file. */
export async function buildNodeRuntime(): Promise<void> {
  const entry = fileURLToPath(new URL('../node-runtime/main.ts', import.meta.url))
  await esbuild.build({
    entryPoints: [entry],
    bundle: true,
    platform: 'node',
    format: 'esm',
    outfile: nodeRuntimePath,
    logLevel: 'warning',
  })
}

export function removeTemporaryFiles(): void {
  rmSync(root, { recursive: true, force: true })
}

/** Writes a function's code and defines it; the handler is `app.handler` unless said otherwise. */
export function makeFunction(sources: Sources | string, more: Partial<LocalFunction> = {}): LocalFunction {
  functionCount += 1
  const name = more.name ?? `function-${functionCount}`
  const codeDir = join(root, `${name}-${functionCount}`)
  writeSources(codeDir, typeof sources === 'string' ? { 'app.mjs': sources } : sources)
  const defaults = {
    handler: 'app.handler',
    runtime: 'nodejs24.x',
    environment: {},
    timeoutMs: 20_000,
    memoryMb: 128,
  }
  return { ...defaults, ...more, name, codeDir }
}

export function writeSources(codeDir: string, sources: Sources): void {
  for (const [path, text] of Object.entries(sources)) {
    mkdirSync(dirname(join(codeDir, path)), { recursive: true })
    writeFileSync(join(codeDir, path), text)
  }
}

/** A running Lambda with everything it has told so far. */
export interface TestLambda {
  lambda: LocalLambda
  client: LambdaClient
  events: LocalLambdaEvent[]
  logs: LogLine[]
  stop(): Promise<void>
}

const running = new Set<TestLambda>()

export async function startLambda(
  functions: LocalFunction[],
  more: Partial<LocalLambdaOptions> = {},
): Promise<TestLambda> {
  const events: LocalLambdaEvent[] = []
  const logs: LogLine[] = []
  const lambda = await LocalLambda.start({
    functions,
    nodeRuntimePath,
    onEvent: (event) => events.push(event),
    onLog: (line) => logs.push(line),
    ...more,
  })
  const client = clientFor(lambda.url)
  const test: TestLambda = { lambda, client, events, logs, stop }
  running.add(test)
  return test

  async function stop(): Promise<void> {
    running.delete(test)
    await lambda.stop()
    client.destroy()
  }
}

/** Stops what a test has left running. */
export async function stopLambdas(): Promise<void> {
  await Promise.all([...running].map((test) => test.stop()))
}

export function clientFor(endpoint: string): LambdaClient {
  const credentials = { accessKeyId: 'test', secretAccessKey: 'test' }
  return new LambdaClient({ endpoint, region: 'us-east-1', credentials, maxAttempts: 1 })
}

/** Holds requests of functions until the test lets them go: order without clocks. */
export interface Gate {
  /** URL that answers when `release(name)` has been called. */
  url(name: string): string
  /** Resolves with the count when that many requests have come to the gate, in all. */
  arrivals(name: string, count?: number): Promise<number>
  release(name: string): void
  close(): Promise<void>
}

export async function startGate(): Promise<Gate> {
  const held = new Map<string, ServerResponse[]>()
  const counts = new Map<string, number>()
  const released = new Set<string>()
  const waiting: (() => void)[] = []
  const server = createServer((request, response) => {
    const name = (request.url ?? '').slice(1)
    counts.set(name, (counts.get(name) ?? 0) + 1)
    if (released.has(name)) response.end()
    else held.set(name, [...(held.get(name) ?? []), response])
    for (const check of waiting.splice(0)) check()
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  return {
    url: (name) => `http://127.0.0.1:${port}/${name}`,
    async arrivals(name, count = 1) {
      while ((counts.get(name) ?? 0) < count) await new Promise<void>((resolve) => waiting.push(resolve))
      return counts.get(name) ?? 0
    },
    release(name) {
      released.add(name)
      for (const response of held.get(name) ?? []) response.end()
    },
    close() {
      server.closeAllConnections()
      return new Promise((resolve) => server.close(() => resolve()))
    },
  }
}

/** Whether a process runs; one that has ended and waits to be reaped does not. */
export function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0)
    return !/^\d+ \(.*\) [ZX]/.test(readFileSync(`/proc/${pid}/stat`, 'utf8'))
  } catch (error) {
    // No /proc: not Linux, and the process answered.
    return (error as NodeJS.ErrnoException).code === 'ENOENT' && !existsSync('/proc/self')
  }
}

/** Tells its process and its number of calls; before it answers it waits at a gate, when it is given one. */
export const WORKER = `
  let calls = 0
  export const handler = async (event) => {
    calls += 1
    const answer = { pid: process.pid, calls }
    if (event.gate) await fetch(event.gate)
    return answer
  }`

/** Invokes a function, with a gate to wait at if given, and reads its answer. */
export async function work(client: LambdaClient, FunctionName: string, gateUrl?: string) {
  const command = new InvokeCommand({ FunctionName, Payload: JSON.stringify({ gate: gateUrl }) })
  return payloadOf(await client.send(command))
}

/** The JSON that a function answered with. */
export function payloadOf({ Payload }: InvokeCommandOutput) {
  return JSON.parse(Buffer.from(Payload ?? []).toString('utf8'))
}

export function count(events: LocalLambdaEvent[], type: LocalLambdaEvent['type']): number {
  return events.filter((event) => event.type === type).length
}
