import { connect, type Socket } from 'node:net'
import { type Clock, systemClock } from '../src/index.ts'
import { buffered, echo, id, raw, startRouter, statuses, stream, until } from './harness.ts'

const routers: Awaited<ReturnType<typeof startRouter>>[] = []
afterEach(async () => {
  for (const router of routers.splice(0)) await router.stop()
})

async function start(options: Parameters<typeof startRouter>[0]) {
  const router = await startRouter(options)
  routers.push(router)
  return router
}

const request = 'GET /items/1 HTTP/1.1\r\nHost: h\r\n\r\n'
const upload = 'POST /items/1 HTTP/1.1\r\nHost: h\r\nContent-Length: 2\r\n\r\nok'

/** A function whose invocations wait until they are let go. */
function held() {
  let release: () => void = () => undefined
  const gate = new Promise<void>((resolve) => {
    release = resolve
  })
  const answer: typeof echo = async (event, call) => {
    await gate
    return echo(event, call)
  }
  return { answer, release: () => release() }
}

/** The system's clock, and how many of its timers are armed. */
function countingClock(): Clock & { armed: number } {
  const clock = {
    ...systemClock,
    armed: 0,
    after(delayMs: number, callback: () => void) {
      clock.armed += 1
      let live = true
      const over = (): void => {
        if (live) clock.armed -= 1
        live = false
      }
      const timer = systemClock.after(delayMs, () => {
        over()
        callback()
      })
      return {
        cancel() {
          over()
          timer.cancel()
        },
      }
    },
  }
  return clock
}

function open(port: number): { socket: Socket; received: Promise<string> } {
  const socket = connect(port, '127.0.0.1')
  socket.setEncoding('latin1')
  let text = ''
  socket.on('data', (data) => {
    text += data
  })
  socket.on('error', () => undefined)
  return { socket, received: new Promise((resolve) => socket.on('close', () => resolve(text))) }
}

test.each([
  ['without bodies', request],
  ['with bodies', upload],
])('requests %s whose connection dies while they stand in line give back their places', async (_, bytes) => {
  let aborted = 0
  const { port, router, ended } = await start({
    lpr: { maxBatchSize: 1 },
    answer: (_event, { signal }) =>
      new Promise((_resolve, reject) => {
        signal.addEventListener('abort', () => {
          aborted += 1
          reject(new Error('aborted'))
        })
      }),
  })
  const { socket } = open(port)
  socket.write(bytes.repeat(3))
  await until(() => router.figures.inflightInvocations === 3)
  socket.resetAndDestroy()
  await until(() => router.figures.inflightRequests === 0 && router.figures.inflightInvocations === 0)
  expect(aborted).toBe(3)
  expect(ended.map(({ status, outcome }) => [status, outcome])).toEqual(Array(3).fill([499, 'client_gone']))
})

test('a connection that is reset for one response takes those behind it along, each once', async () => {
  const { port, router, ended } = await start({
    lpr: { maxBatchSize: 1, invokeMode: 'response_stream' },
    answer: (event) =>
      stream(
        (async function* () {
          const [item] = event.batch
          if (item === undefined) return
          yield { v: 1, ...id(item), type: 'head', statusCode: 200 }
          await until(() => router.figures.inflightInvocations === 3)
          yield { v: 1, ...id(item), type: 'error', message: 'broken' }
        })(),
      ),
  })
  const { socket, received } = open(port)
  socket.write(request.repeat(3))
  expect(statuses(await received)).toEqual([200])
  await until(() => ended.length === 3)
  expect(router.figures).toMatchObject({ inflightRequests: 0, inflightInvocations: 0 })
  expect(new Set(ended.map(({ requestId }) => requestId)).size).toBe(3)
})

test('answers that are ready before their turn are sent in order', async () => {
  const gate = held()
  let calls = 0
  const { port, router } = await start({
    lpr: { maxBatchSize: 1 },
    answer: (event, call) => {
      calls += 1
      if (calls === 1) return gate.answer(event, call)
      return buffered(event.batch.map((item) => ({ ...id(item), statusCode: 200 + calls, body: '' })))
    },
  })
  const { socket, received } = open(port)
  socket.write(`${request}${request}GET /items/1 HTTP/1.1\r\nHost: h\r\nConnection: close\r\n\r\n`)
  await until(() => calls === 3 && router.figures.inflightInvocations === 1)
  gate.release()
  expect(statuses(await received)).toEqual([200, 202, 203])
})

test('a malformed request takes nothing from those before it on its connection', async () => {
  const gate = held()
  const { port, router } = await start({ answer: gate.answer })
  const { socket, received } = open(port)
  socket.write(`${request}${request}GET /items/1 HTTP/1.1\r\nHost : h\r\n\r\n`)
  await until(() => router.figures.inflightInvocations === 1)
  socket.write('more that makes no sense\r\n\r\n')
  gate.release()
  expect(statuses(await received)).toEqual([200, 200, 400])
})

test('a body that turns out malformed fails its own request, in its turn', async () => {
  const gate = held()
  const clock = countingClock()
  const { port, router, events } = await start({ clock, lpr: { maxBatchSize: 1 }, answer: gate.answer })
  const { socket, received } = open(port)
  socket.write(`${request}POST /items/1 HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n`)
  await until(() => router.figures.inflightInvocations === 1)
  gate.release()
  const text = await received
  expect(statuses(text)).toEqual([200, 400])
  expect(text.match(/x-lpr-error: bad_request/g)).toHaveLength(1)
  expect(events).toHaveLength(1)
  await until(() => clock.armed === 0)
})

test('a stream is not cut by what its client sends behind it', async () => {
  const gate = held()
  const { port, router } = await start({
    lpr: { invokeMode: 'response_stream' },
    answer: (event, call) =>
      stream(
        (async function* () {
          for (const item of event.batch) yield { v: 1, ...id(item), type: 'head', statusCode: 200 }
          await gate.answer(event, call)
          for (const item of event.batch) {
            yield { v: 1, ...id(item), type: 'chunk', body: 'the end' }
            yield { v: 1, ...id(item), type: 'end' }
          }
        })(),
      ),
  })
  const { socket, received } = open(port)
  socket.once('data', () => {
    socket.write('no request\r\n\r\n')
    gate.release()
  })
  socket.write(request)
  const text = await received
  expect(text).toContain('the end')
  expect(statuses(text)).toEqual([200, 400])
  expect(router.figures.inflightRequests).toBe(0)
})

test('a client that has shut its sending side gets every answer', async () => {
  const { port, events } = await start({ lpr: { maxBatchSize: 1 } })
  expect(statuses(await raw(port, request.repeat(3), { halfClose: true }))).toEqual([200, 200, 200])
  expect(events).toHaveLength(3)
})

test('requests accepted before a shutdown are answered, though their connection is closed after the last', async () => {
  const gate = held()
  const { port, router } = await start({ lpr: { maxBatchSize: 1 }, answer: gate.answer })
  const { socket, received } = open(port)
  socket.write(request.repeat(3))
  await until(() => router.figures.inflightInvocations === 3)
  const stopped = router.stop()
  await until(() => router.state === 'closing')
  gate.release()
  const text = await received
  expect(statuses(text)).toEqual([200, 200, 200])
  expect(text.match(/connection: close/gi)).toHaveLength(1)
  await stopped
})

test('once draining is over, a request behind one in flight is refused with 503, and the one in flight is finished', async () => {
  const gate = held()
  const { port, router, ended } = await start({ answer: gate.answer })
  const { socket, received } = open(port)
  socket.write(request)
  await until(() => router.figures.inflightInvocations === 1)
  const stopped = router.stop()
  await until(() => router.state === 'closing')
  socket.write('GET /items/2 HTTP/1.1\r\nHost: h\r\n\r\n')
  // Loopback hands bytes over at once, so that the router has read them after one more turn of the event loop.
  for (let turn = 0; turn < 5; turn += 1) await new Promise(setImmediate)
  gate.release()
  const text = await received
  expect(statuses(text)).toEqual([200, 503])
  expect(text).toContain('x-lpr-error: shutting_down')
  await stopped
  expect(ended.map(({ outcome }) => outcome)).toEqual(['sent', 'sent'])
})
