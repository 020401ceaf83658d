import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { runCli } from '../cli.ts'
import type { EstimateReport } from '../estimate/report.ts'

let dir: string
beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), 'lpr-estimate-'))
})
afterEach(() => rmSync(dir, { recursive: true, force: true }))

async function run(...args: string[]) {
  const outcome = { code: -1, stdout: '', stderr: '' }
  outcome.code = await runCli(['estimate', ...args], {
    stdout: (text) => {
      outcome.stdout += text
    },
    stderr: (text) => {
      outcome.stderr += text
    },
  })
  return outcome
}

async function estimated(...args: string[]): Promise<EstimateReport> {
  const { code, stdout, stderr } = await run(...args, '-o', 'json')
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' })
  return JSON.parse(stdout)
}

function file(name: string, text: string): string {
  const path = join(dir, name)
  writeFileSync(path, text)
  return path
}

const route = (settings: string, target = "'arn:aws:lambda:us-east-1:123456789012:function:f'") =>
  `{ x-target-lambda: ${target}, x-lpr: { ${settings} } }`

const manifest = (a: string, b = 'maxWaitMs: 0, maxBatchSize: 1') => `ListenAddr: :8080
Spec: { paths: { /a: { get: ${route(a)} }, /b: { get: ${route(b)} } } }
`
const WINDOW = 'maxWaitMs: 50, maxBatchSize: 16'

test('the cost of Lambda is that of its price list', async () => {
  const config = file('m.yaml', manifest(WINDOW))
  const args = ['--config', config, '--rps', '100', '--duration-ms', '99.5', '--memory-mb', '1024']
  const { routes, totals } = await estimated(...args)
  // 100 a second for 730 hours: 262.8 million invocations of a tenth of a GB-second.
  const usd = 262.8 * 0.2 + 262.8e6 * 0.1 * 0.0000166667
  expect(routes[1]).toMatchObject({ route: 'GET /b', meanBatchSize: 1, waitMs: 0, companyMs: 0 })
  expect(routes[1]?.direct.usdPerMonth).toBeCloseTo(usd, 6)
  expect(routes[1]?.batched.usdPerMonth).toBeCloseTo(usd, 6)
  expect(routes[0]?.direct.usdPerMonth).toBeCloseTo(usd, 6)
  expect(totals.directUsd).toBeCloseTo(2 * usd, 6)
  expect(totals.savedUsd).toBeCloseTo(totals.directUsd - totals.batchedUsd - totals.routerUsd, 6)
})

test('a batch costs the longest waiting and all the processor time of its requests', async () => {
  const traffic = (spread: number) =>
    file('t.yaml', `defaults: { rps: 100000, durationMs: 101, cpuMs: 1, spread: ${spread}, memoryMb: 1024 }`)
  const config = file('m.yaml', manifest('maxWaitMs: 1000, maxBatchSize: 4'))
  const perBatch = ({ routes }: EstimateReport) =>
    ((routes[0]?.batched.usdPerMonth ?? 0) / (25_000 * 730 * 3600) - 0.2e-6) / 0.0000166667
  const same = await estimated('--config', config, '--traffic', traffic(0))
  expect(perBatch(same) * 1000).toBeCloseTo(4 + 100 + 0.5, 3)
  const exponential = await estimated('--config', config, '--traffic', traffic(1))
  expect(perBatch(exponential) * 1000).toBeCloseTo(4 + 100 * (1 + 1 / 2 + 1 / 3 + 1 / 4) + 0.5, 3)
})

test('traffic that is shared by many keys makes smaller batches', async () => {
  const config = file('m.yaml', manifest(WINDOW))
  const traffic = file('t.yaml', 'defaults: { rps: 100, durationMs: 50 }\nroutes: { GET /a: { keys: 10 } }')
  const { routes } = await estimated('--config', config, '--traffic', traffic)
  expect(routes[0]?.meanBatchSize).toBeCloseTo(1 + 10 * 0.05, 3)
})

test('prices, architecture and the router are what the file says', async () => {
  const config = file('m.yaml', manifest(WINDOW))
  const text = `architecture: arm64
routerInstances: 3
prices: { routerHour: 0.1, directPerMillion: 1 }
`
  const args = ['--config', config, '--traffic', file('t.yaml', text), '--rps', '10', '--duration-ms', '50']
  const { assumptions, totals } = await estimated(...args)
  expect(assumptions).toEqual({
    architecture: 'arm64',
    routerInstances: 3,
    prices: { requestsPerMillion: 0.2, gbSecond: 0.0000133334, routerHour: 0.1, directPerMillion: 1 },
  })
  expect(totals.routerUsd).toBeCloseTo(3 * 0.1 * 730, 9)
})

test('a template says how much memory its functions have', async () => {
  const template = file(
    't.yaml',
    `Transform: [LprRouter, AWS::Serverless-2016-10-31]
Resources:
  Orders:
    Type: AWS::Serverless::Function
    Properties: { CodeUri: ., Handler: app.handler, Runtime: nodejs24.x, MemorySize: 2048 }
  Router:
    Type: Lpr::Router::Service
    Properties: { RouterConfig: {}, Spec: { paths: { /a: { get: ${route(WINDOW, '!GetAtt Orders.Arn')} } } } }
`,
  )
  const { routes } = await estimated('-t', template, '--rps', '1', '--duration-ms', '99.5')
  const usd = 2.628 * 0.2 + 2.628e6 * 0.1 * 2 * 0.0000166667
  expect(routes[0]?.direct.usdPerMonth).toBeCloseTo(usd, 6)
})

test('people get a table, and are told what the figures leave out', async () => {
  const adaptive = `${WINDOW}, adaptiveWait: { invocationPriceMs: 100 }`
  const config = file('m.yaml', manifest(adaptive))
  const { code, stdout } = await run('--config', config, '--rps', '1', '--duration-ms', '20')
  expect(code).toBe(0)
  expect(stdout).toMatch(/^ROUTE +RPS +BATCH +INVOCATIONS\/S +DIRECT +BATCHED +WAIT +COMPANY$/m)
  expect(stdout).toMatch(/^GET \/a +1 +1\.05 +1\.0 /m)
  expect(stdout).toMatch(/^costs {4}\d+\.\d\d USD a month more than invoking directly$/m)
  expect(stdout).toMatch(/^The window of GET \/a depends on the traffic/m)
})

test('every mistake in the figures is reported, with its place', async () => {
  const config = file('m.yaml', manifest(WINDOW))
  const traffic = file(
    't.yaml',
    `architecture: mips
color: red
defaults: { durationMs: 50, spread: 2 }
routes:
  GET /a: { rps: many, cpuMs: 60 }
  GET /c: { rps: 1 }
`,
  )
  const { code, stdout, stderr } = await run('--config', config, '--traffic', traffic)
  expect({ code, stdout }).toEqual({ code: 1, stdout: '' })
  for (const message of [
    /t.yaml:1:\d+: architecture: expected x86_64 or arm64/,
    /t.yaml:2:\d+: color: expected one of architecture, prices/,
    /t.yaml:5:\d+: routes GET \/a rps: expected a number from 0, got "many"/,
    /t.yaml:5:\d+: routes GET \/a: cpuMs is part of durationMs/,
    /routes GET \/a spread: expected a number from 0 to 1/,
    /t.yaml:6:\d+: routes GET \/c: expected one of GET \/a, GET \/b/,
    /routes GET \/b rps: expected a number from 0, got none/,
  ]) {
    expect(stderr).toMatch(message)
  }
})

test.each([
  [[], /needs either -t <template> or --config <manifest>/],
  [['--config', 'm', '-t', 't'], /needs either/],
  [['--config', 'm', '--rps', 'many'], /--rps expects a number, got "many"/],
])('the command line %j is refused with code 2', async (args, message) => {
  const { code, stderr } = await run(...args)
  expect(code).toBe(2)
  expect(stderr).toMatch(message)
})
