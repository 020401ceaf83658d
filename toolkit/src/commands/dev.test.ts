import { type ChildProcess, execFileSync, spawn, spawnSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { setImmediate } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'

/** The command as users run it: the built program, its own process, real sockets. */
const LPR = join(dirname(fileURLToPath(import.meta.url)), '..', '..', 'bin', 'lpr.mjs')

const DEMO = join(dirname(fileURLToPath(import.meta.url)), '..', '..', '..', 'sam', 'template.yaml')

let dir: string
const running: Dev[] = []

beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), 'lpr-test-'))
  mkdirSync(join(dir, 'tmp'))
  writeHandler('first')
  writeTemplate()
})
afterEach(async () => {
  for (const dev of running.splice(0)) await dev.end('SIGTERM')
  rmSync(dir, { recursive: true, force: true })
})

const template = (): string => join(dir, 'template.yaml')

function writeTemplate(settings = 'maxWaitMs: 25, maxBatchSize: 4', path = '/hello/{name}'): void {
  const text = `Transform: [LprRouter, AWS::Serverless-2016-10-31]
Resources:
  Hello:
    Type: AWS::Serverless::Function
    Metadata: { BuildMethod: esbuild, BuildProperties: { EntryPoints: [app.ts] } }
    Properties: { CodeUri: src, Handler: app.handler, Runtime: nodejs24.x, FunctionUrlConfig: { AuthType: NONE } }
  Router:
    Type: Lpr::Router::Service
    Properties:
      RouterConfig: { DefaultTimeoutMs: 8000 }
      Spec:
        paths:
          ${path}:
            get: { x-target-lambda: !GetAtt Hello.Arn, x-lpr: { ${settings} } }
`
  writeFileSync(template(), text)
}

function writeHandler(word: string, tail = ''): void {
  mkdirSync(join(dir, 'src'), { recursive: true })
  writeFileSync(
    join(dir, 'src', 'app.ts'),
    `export const handler = async (event: any) => event.batch === undefined ? '${word} direct' : {
  v: 1,
  responses: event.batch.map((item: any) => ({ id: item.requestContext.requestId, statusCode: 200, body: '${word}' })),
}${tail}\n`,
  )
}

/** One run of `lpr dev`. */
class Dev {
  readonly child: ChildProcess
  readonly exited: Promise<number | null>
  stdout = ''
  stderr = ''
  #wake: () => void = () => {}

  constructor(...args: string[]) {
    this.child = spawn(process.execPath, [LPR, 'dev', ...args, '--port', '0', '--admin-port', '0'], {
      env: { ...process.env, TMPDIR: join(dir, 'tmp'), NODE_OPTIONS: '' },
    })
    this.child.stdout?.setEncoding('utf8').on('data', (text: string) => this.#add('stdout', text))
    this.child.stderr?.setEncoding('utf8').on('data', (text: string) => this.#add('stderr', text))
    this.exited = new Promise((resolve) => this.child.once('close', (code) => resolve(code)))
    void this.exited.then(() => this.#wake())
    running.push(this)
  }

  /** Waits for the count-th line of standard error that matches. */
  async said(pattern: RegExp, count = 1): Promise<void> {
    while ((this.stderr.match(new RegExp(pattern, 'g'))?.length ?? 0) < count) {
      if (this.child.exitCode !== null) throw new Error(`lpr dev ended: ${this.stderr}`)
      await new Promise<void>((resolve) => {
        this.#wake = resolve
      })
    }
  }

  /** What it announced, count-th time. */
  async announced(
    count = 1,
  ): Promise<{ baseUrl: string; lambdaUrl: string; functionUrls: { url: string }[] }> {
    while (this.stdout.split('\n').length <= count) {
      if (this.child.exitCode !== null) throw new Error(`lpr dev ended: ${this.stderr}`)
      await new Promise<void>((resolve) => {
        this.#wake = resolve
      })
    }
    return JSON.parse(this.stdout.split('\n')[count - 1] ?? '')
  }

  async end(signal: NodeJS.Signals): Promise<number | null> {
    if (this.child.exitCode === null && this.child.signalCode === null) this.child.kill(signal)
    return this.exited
  }

  #add(stream: 'stdout' | 'stderr', text: string): void {
    this[stream] += text
    this.#wake()
  }
}

interface Process {
  pid: number
  parent: number
  command: string
}

/** Children of a process, and theirs. */
function descendants(pid: number | undefined): Process[] {
  const lines = execFileSync('ps', ['-A', '-o', 'pid=,ppid=,args='], { encoding: 'utf8' }).trim().split('\n')
  const all = lines.map((line): Process => {
    const [, own = '', parent = '', command = ''] = /^\s*(\d+)\s+(\d+)\s+(.*)$/.exec(line) ?? []
    return { pid: Number(own), parent: Number(parent), command }
  })
  const below = (parent: number): Process[] =>
    all.filter((process) => process.parent === parent).flatMap((process) => [process, ...below(process.pid)])
  return pid === undefined ? [] : below(pid).filter(({ command }) => !command.startsWith('ps '))
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0)
    return true
  } catch {
    return false
  }
}

/** As `isAlive`, but an orphan that has ended and that nobody has waited for does not count. */
function isRunning(pid: number): boolean {
  if (!isAlive(pid)) return false
  const { stdout } = spawnSync('ps', ['-o', 'stat=', '-p', String(pid)], { encoding: 'utf8' })
  return stdout.trim() !== '' && !stdout.trim().startsWith('Z')
}

const routerPid = (dev: Dev): number | undefined =>
  descendants(dev.child.pid).find(({ command }) => command.includes('lpr-router'))?.pid

async function get(url: string): Promise<string> {
  return (await fetch(url)).text()
}

test('--once probes every route, forms batches, exits 0 and leaves nothing', async () => {
  const dev = new Dev('-t', template(), '--once', '-o', 'json')
  expect(await dev.exited).toBe(0)
  expect(JSON.parse(dev.stdout)).toMatchObject({
    ok: true,
    routes: [
      {
        method: 'GET',
        path: '/hello/{name}',
        statuses: { 200: expect.any(Number) },
        batchSize: 4,
        problems: [],
      },
    ],
  })
  expect(readdirSync(join(dir, 'tmp'))).toEqual([])
})

test.each(['APP_RUNNER', 'ECS_EXPRESS'])('--once is content with the demo on %s', async (platform) => {
  const dev = new Dev('-t', DEMO, '--once', '-o', 'json', '--parameter', `ComputePlatform=${platform}`)
  expect(await dev.exited).toBe(0)
  const { ok, routes } = JSON.parse(dev.stdout)
  expect(ok).toBe(true)
  expect(routes).toEqual(
    expect.arrayContaining([
      expect.objectContaining({ path: '/buffering/simple/{greeting}', batchSize: 4, problems: [] }),
      expect.objectContaining({
        path: '/streaming/adapter/sse',
        invokeMode: 'response_stream',
        problems: [],
      }),
    ]),
  )
  expect(
    routes.find((route: { path: string }) => route.path === '/streaming/adapter/sse').chunks,
  ).toBeGreaterThan(1)
})

test('--once exits 1 when a handler fails', async () => {
  writeFileSync(join(dir, 'src', 'app.ts'), 'export const handler = () => { throw new Error("broken") }')
  const dev = new Dev('-t', template(), '--once')
  expect(await dev.exited).toBe(1)
  expect(dev.stdout).toMatch(/FAILED/)
  expect(dev.stdout).toMatch(/the router answered 502 function_error/)
})

test('a broken template and a broken handler stop it with every place and remedy, exit 1, no stack', async () => {
  writeTemplate('maxWaitMs: 25, maxBatchSiz: 4')
  writeHandler('first', '\nexport const x = {')
  const dev = new Dev('-t', template())
  expect(await dev.exited).toBe(1)
  expect(dev.stderr).toMatch(/src\/app.ts:6:1: Hello: Expected identifier but found end of file\n +remedy: /)
  expect(dev.stderr).toMatch(
    /template.yaml:14:\d+: .*maxBatchSize: is required but missing\n +remedy: add maxBatchSize/,
  )
  expect(dev.stderr).toMatch(
    /template.yaml:14:\d+: .*maxBatchSiz: unknown key.*\n +remedy: write maxBatchSize/,
  )
  expect(dev.stderr).not.toMatch(/^ +at /m)
  expect(readdirSync(join(dir, 'tmp'))).toEqual([])
})

test.each(['SIGINT', 'SIGTERM', 'SIGHUP'] as const)(
  '%s stops it with exit 0 and leaves no process and no file',
  async (signal) => {
    const dev = new Dev('-t', template(), '-o', 'json')
    const { baseUrl } = await dev.announced()
    await get(`${baseUrl}/hello/x`)
    const children = descendants(dev.child.pid)
    expect(children.map(({ command }) => command)).toEqual(
      expect.arrayContaining([
        expect.stringContaining('lpr-router'),
        expect.stringContaining('node-runtime'),
      ]),
    )
    expect(await dev.end(signal)).toBe(0)
    expect(children.filter(({ pid }) => isAlive(pid))).toEqual([])
    expect(readdirSync(join(dir, 'tmp'))).toEqual([])
  },
)

test('nothing outlives it, not even when it is killed', async () => {
  const dev = new Dev('-t', template(), '-o', 'json')
  const { baseUrl } = await dev.announced()
  await get(`${baseUrl}/hello/x`)
  const children = descendants(dev.child.pid)
  expect(children.length).toBeGreaterThan(1)
  await dev.end('SIGKILL')
  // They end by themselves, in their own time; nobody is left to tell of it, so this asks until the test's time is up.
  for (const { pid } of children) while (isRunning(pid)) await setImmediate()
  await expect(fetch(baseUrl)).rejects.toThrow()
})

test('a signal during the start stops it too', async () => {
  const dev = new Dev('-t', template())
  await dev.said(/starting the router/)
  const children = descendants(dev.child.pid)
  expect(await dev.end('SIGINT')).toBe(0)
  expect(children.filter(({ pid }) => isAlive(pid))).toEqual([])
})

test('an edited handler goes live while the router runs on, and a broken edit leaves the old code', async () => {
  const dev = new Dev('-t', template(), '-o', 'json')
  const { baseUrl, functionUrls } = await dev.announced()
  const router = routerPid(dev)
  expect(await get(`${baseUrl}/hello/x`)).toBe('first')
  expect(await get(functionUrls[0]?.url ?? '')).toBe('"first direct"')

  writeHandler('second')
  await dev.said(/reloaded lpr-dev-Hello/)
  expect(await get(`${baseUrl}/hello/x`)).toBe('second')

  writeHandler('third', '\nexport const x = {')
  await dev.said(
    /src\/app.ts:6:1: Hello: Expected identifier but found end of file[\s\S]*what ran before runs on/,
  )
  expect(await get(`${baseUrl}/hello/x`)).toBe('second')

  writeHandler('fourth')
  await dev.said(/reloaded lpr-dev-Hello/, 2)
  expect(await get(`${baseUrl}/hello/x`)).toBe('fourth')
  expect(routerPid(dev)).toBe(router)
  expect(router).toEqual(expect.any(Number))
})

test('an edited template goes live with a new router, and a broken one leaves the old router', async () => {
  const dev = new Dev('-t', template(), '-o', 'json')
  const { baseUrl } = await dev.announced()
  const router = routerPid(dev)

  writeTemplate('maxWaitMs: 25', '/moved/{name}')
  await dev.said(/maxBatchSize: is required[\s\S]*what ran before runs on/)
  expect(await get(`${baseUrl}/hello/x`)).toBe('first')
  expect(routerPid(dev)).toBe(router)

  writeTemplate('maxWaitMs: 25, maxBatchSize: 2', '/moved/{name}')
  const next = await dev.announced(2)
  expect(next.baseUrl).toBe(baseUrl)
  expect(await get(`${baseUrl}/moved/x`)).toBe('first')
  expect((await fetch(`${baseUrl}/hello/x`)).status).toBe(404)
  expect(routerPid(dev)).not.toBe(router)
})
