import type { Messages } from '../src/admin/dashboard/messages.ts'
import type { Prices } from './figures.ts'
import { type Look, PANELS } from './panels.ts'
import { Store } from './store.ts'
import { markup, span } from './text.ts'

/** Wide enough to draw in before the page is laid out. */
const SMALLEST_WIDTH = 240

const store = new Store()
let paused = false
/** What the next frame is to draw; undefined when none is asked for. */
let wanted: Set<string> | undefined

function element<Type extends HTMLElement>(id: string): Type {
  const found = document.getElementById(id)
  if (found === null) throw new Error(`no element ${id}`)
  return found as Type
}

const routeSelect = element<HTMLSelectElement>('route')
const spanSelect = element<HTMLSelectElement>('span')
const pauseButton = element<HTMLButtonElement>('pause')
const connection = element('connection')

function prices(): Prices {
  const value = (id: string): number => Number(element<HTMLInputElement>(id).value) || 0
  return {
    memoryMb: value('memory'),
    perMillionInvocations: value('invocation-price'),
    perGbSecond: value('duration-price'),
  }
}

/** Draws on the next frame, once for however much has come. */
function draw(panels = Object.keys(PANELS)): void {
  if (paused) return
  const asked = wanted !== undefined
  wanted = new Set([...(wanted ?? []), ...panels])
  if (asked) return
  requestAnimationFrame(() => {
    const ids = wanted ?? new Set()
    wanted = undefined
    const look: Look = {
      store,
      selection: routeSelect.value === '' ? undefined : routeSelect.value,
      seconds: Number(spanSelect.value),
      prices: prices(),
      width: (id) => Math.max(SMALLEST_WIDTH, Math.floor(element(id).clientWidth)),
    }
    for (const id of ids) element(id).innerHTML = PANELS[id]?.(look) ?? ''
    facts()
  })
}

function facts(): void {
  const { hello, seconds } = store
  const last = seconds.at(-1)
  const parts = [
    hello && `version ${hello.version}`,
    hello?.configSha256 && `config ${hello.configSha256.slice(0, 12)}`,
    last && `${last.state} for ${span(last.uptimeSeconds)}`,
  ]
  element('facts').textContent = parts.filter(Boolean).join(' · ')
}

function offerRoutes(): void {
  const chosen = routeSelect.value
  const keys = store.hello?.routes.map(({ routeKey }) => routeKey) ?? []
  const options = keys.map((key) => `<option>${markup(key)}</option>`)
  routeSelect.innerHTML = `<option value="">all</option>${options.join('')}`
  routeSelect.value = keys.includes(chosen) ? chosen : ''
}

function connect(): void {
  const source = new EventSource('live')
  const on = <Name extends keyof Messages>(name: Name, take: (message: Messages[Name]) => void): void => {
    source.addEventListener(name, (event) => take(JSON.parse((event as MessageEvent<string>).data)))
  }
  on('hello', (hello) => {
    store.greeted(hello)
    offerRoutes()
    say('live', false)
    draw()
  })
  on('second', (second) => {
    store.second(second)
    draw()
  })
  on('batches', (changes) => {
    store.changed(changes)
    draw(['timeline'])
  })
  // The browser connects again by itself, for as long as the server has not refused it.
  source.onerror = () => {
    say('connection lost, trying again', true)
    if (source.readyState === EventSource.CLOSED) setTimeout(connect, 2000)
  }
}

function say(text: string, lost: boolean): void {
  connection.textContent = text
  connection.classList.toggle('lost', lost)
}

pauseButton.addEventListener('click', () => {
  paused = !paused
  pauseButton.setAttribute('aria-pressed', String(paused))
  draw()
})
for (const control of document.querySelectorAll('select, input'))
  control.addEventListener('input', () => draw())
for (const form of document.querySelectorAll('form'))
  form.addEventListener('submit', (event) => event.preventDefault())
addEventListener('resize', () => draw())
connect()
