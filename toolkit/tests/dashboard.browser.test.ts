import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { createRequire } from 'node:module'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import { type Browser, type BrowserContextOptions, chromium, type Page } from 'playwright-core'

const root = fileURLToPath(new URL('../../', import.meta.url))
const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8')
/** Where pictures are kept; by default nowhere. */
const kept = process.env.LPR_PICTURES || undefined
const pictures = kept ?? mkdtempSync(join(tmpdir(), 'lpr-pictures-'))

const DESKTOP = { viewport: { width: 1280, height: 900 } }
const PHONE = { viewport: { width: 390, height: 844 }, isMobile: true, hasTouch: true, deviceScaleFactor: 2 }
/** What a browser does by itself on a machine without a network is no matter of ours. */
const QUIET = ['--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-sync']
const NO_BACKGROUND = ['--disable-background-networking', '--disable-component-update']

interface Announced {
  baseUrl: string
  adminUrl: string
}

let dev: ChildProcess
let address: Announced
let browser: Browser
let load: Load

beforeAll(async () => {
  const args = ['toolkit/bin/lpr.mjs', 'dev', '-t', 'sam/template.yaml', '-o', 'json']
  dev = spawn(process.execPath, [...args, '--port', '0', '--admin-port', '0'], {
    cwd: root,
    stdio: ['ignore', 'pipe', 'ignore'],
  })
  const [line] = (await once(createInterface({ input: dev.stdout as NodeJS.ReadableStream }), 'line')) as [
    string,
  ]
  address = JSON.parse(line)
  const executablePath = process.env.LPR_CHROMIUM ?? '/usr/bin/chromium'
  browser = await chromium.launch({ executablePath, args: [...QUIET, ...NO_BACKGROUND] })
  load = new Load(address.baseUrl)
})

afterAll(async () => {
  await load?.stop()
  await browser?.close()
  const ended = once(dev, 'exit')
  dev.kill('SIGTERM')
  await ended
  if (kept === undefined) rmSync(pictures, { recursive: true })
})

/** Requests to routes of every kind, good and bad, until it is told to stop. */
class Load {
  #going = true
  readonly #clients: Promise<void>[]

  constructor(baseUrl: string) {
    const paths = [
      '/buffering/simple/hello?max-delay=80',
      '/buffering/dynamic/hello?max-delay=80',
      '/streaming/simple/hello?max-delay=120',
      '/streaming/dynamic/hello?max-delay=120',
      '/buffering/adapter/hello?max-delay=60',
      '/streaming/adapter/hello?max-delay=60',
      '/streaming/adapter/sse?max-delay=20',
      '/no/such/path',
    ]
    this.#clients = Array.from({ length: 24 }, async (_, client) => {
      for (let at = client; this.#going; at += 1) {
        const response = await fetch(`${baseUrl}${paths[at % paths.length]}`).catch(() => undefined)
        await response?.arrayBuffer().catch(() => undefined)
      }
    })
  }

  async stop(): Promise<void> {
    this.#going = false
    await Promise.all(this.#clients)
  }
}

/** A page on the dashboard, and what its console complains of. */
async function open(options: BrowserContextOptions): Promise<{ page: Page; complaints: string[] }> {
  const page = await (await browser.newContext(options)).newPage()
  const complaints: string[] = []
  page.on('console', (message) => {
    if (['error', 'warning'].includes(message.type())) complaints.push(message.text())
  })
  page.on('pageerror', (error) => complaints.push(error.message))
  await page.goto(address.adminUrl)
  await page.getByText('live', { exact: true }).waitFor()
  // Enough that every panel has something to show.
  await page.waitForFunction(() => document.querySelectorAll('#timeline [role=listitem]').length >= 10)
  return { page, complaints }
}

const figure = (page: Page, name: string): Promise<string> =>
  page.locator('#tiles div', { hasText: name }).locator('dd').innerText()

test('figures move while requests come, and stand still when paused', async () => {
  const { page, complaints } = await open(DESKTOP)
  expect(Number(await figure(page, 'requests a second'))).toBeGreaterThan(0)
  expect(Number(await figure(page, 'requests in a batch'))).toBeGreaterThan(1)
  const tiles = page.locator('#tiles')
  const before = await tiles.innerText()
  await page.waitForFunction(
    (text) => (document.querySelector('#tiles') as HTMLElement).innerText !== text,
    before,
  )
  await page.getByRole('button', { name: 'Pause' }).click()
  const paused = await page.locator('main').innerHTML()
  await page.evaluate(async () => {
    // As long as it takes the router to count more requests than it had.
    const uptime = async () => (await (await fetch('/status')).json()).uptimeSeconds as number
    const from = await uptime()
    while ((await uptime()) < from + 2) await new Promise(requestAnimationFrame)
  })
  expect(await page.locator('main').innerHTML()).toBe(paused)
  expect(complaints).toEqual([])
  await page.context().close()
})

test('the timeline draws requests, windows, invocations and answers', async () => {
  const { page, complaints } = await open(DESKTOP)
  for (const mark of ['.dot', '.window', '.work', '.tick'])
    expect(await page.locator(`#timeline ${mark}`).count()).toBeGreaterThan(0)
  await page.getByRole('combobox', { name: 'Route' }).selectOption('GET /streaming/adapter/sse')
  await page.waitForFunction(() => {
    const rows = [...document.querySelectorAll('#timeline [role=listitem]')]
    return rows.length > 0 && rows.every((row) => row.getAttribute('aria-label')?.includes('/adapter/sse'))
  })
  expect(complaints).toEqual([])
  await page.context().close()
})

test.each([
  ['desktop', DESKTOP],
  ['desktop, dark', { ...DESKTOP, colorScheme: 'dark' }],
  ['phone', PHONE],
  ['phone, dark', { ...PHONE, colorScheme: 'dark' }],
] as [string, BrowserContextOptions][])(
  'on a %s nothing is out of reach or out of sight',
  async (name, options) => {
    const { page, complaints } = await open(options)
    await page.screenshot({
      path: join(pictures, `dashboard-${name.replace(', ', '-')}.png`),
    })
    await page.evaluate(axe)
    const violations = await page.evaluate(async () => {
      const { axe } = globalThis as unknown as { axe: { run(): Promise<{ violations: Violation[] }> } }
      return (await axe.run()).violations
    })
    expect(violations.map(({ id, impact, nodes }) => `${impact} ${id}: ${nodes[0]?.html}`)).toEqual([])
    const overflow = await page.evaluate(
      () => document.documentElement.scrollWidth - document.documentElement.clientWidth,
    )
    expect(overflow).toBeLessThanOrEqual(0)
    expect(complaints).toEqual([])
    await page.context().close()
  },
)

test('every control can be reached and worked by the keyboard alone', async () => {
  const { page } = await open(DESKTOP)
  const reached: string[] = []
  for (let step = 0; step < 6; step += 1) {
    await page.keyboard.press('Tab')
    reached.push(await page.evaluate(() => document.activeElement?.id ?? ''))
  }
  expect(reached).toEqual(['route', 'span', 'pause', 'memory', 'invocation-price', 'duration-price'])
  await page.locator('#pause').focus()
  await page.keyboard.press('Space')
  expect(await page.locator('#pause').getAttribute('aria-pressed')).toBe('true')
  await page.context().close()
})

interface Violation {
  id: string
  impact: string
  nodes: { html: string }[]
}
