import { readFileSync } from 'node:fs'
import { METRICS } from '../src/telemetry/metrics/definitions.ts'
import { raw } from './harness.ts'
import { EVERYTHING, happen, metricsPage, startMetered } from './metrics-scene.ts'
import { type Family, parsePage } from './prometheus-page.ts'
import type { TracedOptions, TracedRig } from './traced-rig.ts'

let traced: TracedRig | undefined

afterEach(async () => {
  await traced?.finish()
  traced = undefined
})

async function start(options: TracedOptions = {}): Promise<TracedRig> {
  traced = await startMetered(options)
  return traced
}

async function everything(): Promise<TracedRig> {
  traced = await startMetered(EVERYTHING)
  await happen(traced)
  return traced
}

async function page(rig: TracedRig): Promise<Map<string, Family>> {
  const response = await metricsPage(rig)
  expect([response.status, response.headers.get('content-type')]).toEqual([
    200,
    'text/plain; version=0.0.4; charset=utf-8',
  ])
  return parsePage(await response.text())
}

/** Values of a family by its labels, those of routes left out. */
function values(families: Map<string, Family>, name: string, suffix = ''): Record<string, number> {
  const samples = families.get(name)?.samples.filter((sample) => sample.name === name + suffix) ?? []
  return Object.fromEntries(
    samples.map(({ labels: { http_route, method, function: target, url_scheme, ...own }, value }) => [
      Object.values(own).join(' '),
      value,
    ]),
  )
}

test('what happened is what /metrics tells', async () => {
  const families = await page(await everything())
  expect(values(families, 'http_server_request_duration_seconds', '_count')).toEqual({
    'GET 200': 1,
    'GET 502 invalid_function_response': 1,
    'GET 200 missing_function_response': 1,
    'GET 404 route_not_found': 1,
    'GET 413 body_too_large': 1,
  })
  expect(values(families, 'lpr_batch_size', '_sum')).toEqual({ '': 1 })
  expect(families.get('lpr_batch_size')?.samples.filter(({ name }) => name.endsWith('_sum'))).toMatchObject([
    { labels: { http_route: '/b/{id}', method: 'GET', function: 'b' }, value: 2 },
    { labels: { http_route: '/s/{id}', method: 'GET', function: 's' }, value: 1 },
  ])
  expect(values(families, 'lpr_batches_total')).toEqual({ size: 1 })
  expect(values(families, 'lpr_invoke_duration_seconds', '_count')).toEqual({ throttle: 1, ok: 1 })
  expect(values(families, 'lpr_items_total')).toEqual({
    ok: 1,
    invalid_function_response: 1,
    missing_function_response: 1,
  })
  expect(values(families, 'lpr_rejected_total')).toEqual({ route_not_found: 1, body_too_large: 1 })
  expect(values(families, 'lpr_retries_total')).toEqual({ throttle: 1 })
  expect(values(families, 'lpr_stream_resets_total')).toEqual({ '': 1 })
  expect(values(families, 'lpr_stray_records_total')).toEqual({ unknown: 1 })
  expect(values(families, 'lpr_inflight_requests')).toEqual({ '': 0 })
})

test('gauges tell what waits and what runs', async () => {
  const rig = await start({ lpr: { maxBatchSize: 2 }, config: { MaxInflightInvocations: 1 } })
  rig.rig.lambda.next(() => undefined)
  await rig.rig.begin('/b/1', '/b/2', '/b/3')
  await rig.rig.lambda.call(1)
  const families = await page(rig)
  const of = (name: string) =>
    families.get(name)?.samples.filter(({ labels }) => labels.function === 'b' && labels.method === 'GET')
  expect(of('lpr_queue_depth')).toMatchObject([{ value: 1 }])
  expect(of('lpr_inflight_invocations')).toMatchObject([{ value: 1 }])
  expect(of('lpr_pending_invocations')).toMatchObject([{ value: 0 }])
  expect(values(families, 'lpr_inflight_requests')).toEqual({ '': 3 })
})

test('10,000 paths, header values and methods add no series', async () => {
  const rig = await start({ lpr: { maxBatchSize: 100, maxWaitMs: 0, key: ['header:x-tenant'] } })
  const count = async () =>
    [...(await page(rig)).values()].reduce((sum, { samples }) => sum + samples.length, 0)
  let [found, missing] = [0, 0]
  /** Sends requests down one connection, none waiting for the answer to another. */
  const askAll = async (from: number, to: number): Promise<void> => {
    const requests = Array.from({ length: to - from }, (_, index) => requestNumber(from + index))
    const answers = await raw(rig.rig.port, `${requests.join('')}GET /healthz HTTP/1.0\r\n\r\n`)
    found += answers.split('HTTP/1.1 200 ').length - 1
    missing += answers.split('HTTP/1.1 404 ').length - 1
  }
  await askAll(0, 100)
  const before = await count()
  for (let from = 100; from < 10_100; from += 500) await askAll(from, from + 500)
  expect(await count()).toBe(before)
  // Each connection ends with a probe.
  expect([found - 21, missing]).toEqual([3367, 6733])
})

/** A third of them for a route, the others for none, half of those with a method that is not of HTTP itself. */
function requestNumber(n: number): string {
  const method = n % 3 === 1 ? 'PROPFIND' : 'GET'
  const path = n % 3 === 0 ? `/b/${n}?q=${n}` : `/nowhere/${n}`
  return `${method} ${path} HTTP/1.1\r\nHost: h${n}\r\nX-Tenant: t${n}\r\nUser-Agent: agent ${n}\r\n\r\n`
}

/** The table of docs/observability.md, by OTLP name. */
function documented(): Map<string, Record<string, unknown>> {
  const text = readFileSync(new URL('../../docs/observability.md', import.meta.url), 'utf8')
  const section = text.split('\n## ').find((part) => part.startsWith('Metrics')) ?? ''
  const rows = section.split('\n').filter((line) => /^\| `[a-z]+\./.test(line))
  return new Map(
    rows.map((row) => {
      const cells = row.split('|').map((cell) => cell.trim())
      const [, name = '', prometheus, type, unit, labels = '', description] = cells
      const bare = (cell = ''): string => cell.replaceAll('`', '')
      const names = bare(labels).split(', ').filter(Boolean)
      return [bare(name), { prometheus: bare(prometheus), type, unit, labels: names.sort(), description }]
    }),
  )
}

test('docs/observability.md has every metric with its unit, labels and description, and no other', () => {
  const defined = Object.entries(METRICS).map(([name, { kind, unit, labels, description }]) => {
    const prometheus = expect.any(String)
    const names = labels.map((label) => label.replaceAll('.', '_')).sort()
    return [name, { prometheus, type: kind, unit, labels: names, description }]
  })
  expect([...documented()]).toEqual(defined)
})

test('the queries of docs/observability.md ask for metrics and labels that there are', () => {
  const text = readFileSync(new URL('../../docs/observability.md', import.meta.url), 'utf8')
  const rows = [...documented().values()]
  const names = new Set(rows.map(({ prometheus }) => prometheus))
  const asked = [...text.matchAll(/\b((?:http_server|lpr|process|nodejs)_\w+?)(?:_bucket|_sum|_count)?\b/g)]
  expect(asked.length).toBeGreaterThan(2 * names.size)
  expect(asked.map(([, name]) => name).filter((name) => !names.has(name))).toEqual([])
  const labels = new Set([...rows.flatMap((row) => row.labels as string[]), 'le'])
  const grouped = [...text.matchAll(/by \(([^)]*)\)/g)].flatMap(([, list = '']) => list.split(', '))
  expect(grouped.filter((label) => !labels.has(label))).toEqual([])
})

test('/metrics has every documented metric with its name, type, labels and help, and no other', async () => {
  const families = await page(await everything())
  families.delete('target_info')
  const served = [...families].map(([name, { type, help, samples }]) => {
    const labels = new Set(samples.flatMap((sample) => Object.keys(sample.labels)))
    labels.delete('le')
    return { prometheus: name, type, description: help, labels: [...labels].sort() }
  })
  const expected = [...documented().values()].map(({ unit, ...row }) => row)
  const byName = (a: { prometheus?: unknown }, b: { prometheus?: unknown }): number =>
    String(a.prometheus) < String(b.prometheus) ? -1 : 1
  expect(served.sort(byName)).toEqual(expected.sort(byName))
})

test('OTLP pushes the same metrics under their own names', async () => {
  const rig = await everything()
  traced = undefined
  await rig.finish()
  const names = new Map(rig.receiver.metrics.map(({ name, unit }) => [name, unit]))
  expect([...names].sort()).toEqual(
    Object.entries(METRICS)
      .map(([name, { unit }]) => [name, unit])
      .sort(),
  )
})
