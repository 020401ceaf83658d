import { once } from 'node:events'
import { createServer, type Server, type ServerResponse } from 'node:http'
import { type AddressInfo, connect, type Socket } from 'node:net'
import { setImmediate as turn } from 'node:timers/promises'
import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import { type BodyReceiver, DirectRequest } from './direct-request.ts'

class Collector implements BodyReceiver {
  readonly said: string[] = []
  onPart: () => void = () => {}

  bodyPart(bytes: Buffer): void {
    this.said.push(bytes.toString())
    this.onPart()
  }

  bodyEnd(): void {
    this.said.push('end')
  }
}

type Handle = (request: DirectRequest, response: ServerResponse) => void

const open: (Server | Socket)[] = []

afterEach(() => {
  for (const one of open.splice(0)) {
    if ('destroy' in one) one.destroy()
    else one.close()
  }
})

async function connectTo(handle: Handle): Promise<Socket> {
  const server = createServer({ IncomingMessage: DirectRequest }, handle).listen(0, '127.0.0.1')
  await once(server, 'listening')
  const socket = connect((server.address() as AddressInfo).port, '127.0.0.1')
  open.push(server, socket)
  return socket.setNoDelay()
}

const post = (body: string, path = '/'): string =>
  `POST ${path} HTTP/1.1\r\nhost: x\r\ncontent-length: ${body.length}\r\n\r\n${body}`

async function answers(socket: Socket, count: number): Promise<string> {
  let text = ''
  while (text.split('HTTP/1.1').length <= count) text += String((await once(socket, 'data'))[0])
  return text
}

test('a body is told part by part, as it comes, and then its end', async () => {
  const collector = new Collector()
  const socket = await connectTo((request, response) => {
    request.deliver(collector)
    collector.onPart = () => {
      if (collector.said.length === 1) socket.write('two')
      else queueMicrotask(() => response.end())
    }
  })
  socket.write(post('one' + 'two').slice(0, -3))
  await answers(socket, 1)
  expect(collector.said).toEqual(['one', 'two', 'end'])
})

test('requests that come at once have a body each', async () => {
  const told: string[][] = []
  const socket = await connectTo((request, response) => {
    const collector = new Collector()
    told.push(collector.said)
    request.deliver(collector)
    collector.onPart = () => queueMicrotask(() => response.end(request.url))
  })
  socket.write(post('first', '/1') + post('second', '/2') + post('third', '/3'))
  const text = await answers(socket, 3)
  expect(told).toEqual(['first', 'second', 'third'].map((body) => [body, 'end']))
  expect(text.match(/\/\d$|\/\d(?=HTTP)/gm)).toEqual(['/1', '/2', '/3'])
})

test('what a receiver does not want any more is the stream’s', async () => {
  const collector = new Collector()
  let rest = ''
  const socket = await connectTo((request, response) => {
    request.deliver(collector)
    collector.onPart = () => {
      request.keepRest()
      request.pause()
      socket.write('two')
      setImmediate(() =>
        request
          .on('data', (chunk) => (rest += chunk))
          .on('end', () => response.end())
          .resume(),
      )
    }
  })
  socket.write(post('one' + 'two').slice(0, -3))
  await answers(socket, 1)
  expect([collector.said, rest]).toEqual([['one'], 'two'])
})

test('without a receiver it is a stream like any other', async () => {
  let body = ''
  const socket = await connectTo((request, response) => {
    request
      .on('data', (chunk) => (body += chunk))
      .on('end', () => response.end(String(request.readableEnded)))
  })
  socket.write(post('all of it'))
  expect(await answers(socket, 1)).toMatch(/true$/)
  expect(body).toBe('all of it')
})

test('a client that leaves amid its body has aborted it, one that leaves behind it has not', async () => {
  const aborted: boolean[] = []
  for (const body of ['half', 'whole']) {
    const socket = await connectTo((request, response) => {
      const collector = new Collector()
      request.deliver(collector)
      collector.onPart = () => setImmediate(() => socket.resetAndDestroy())
      response.on('close', () => setImmediate(() => aborted.push(request.aborted)))
    })
    socket.on('error', () => {})
    socket.write(body === 'half' ? post('half and half').slice(0, -5) : post('whole'))
    const before = aborted.length
    while (aborted.length === before) await turn()
  }
  expect(aborted).toEqual([true, false])
})

test('Node lets go of a request that is answered, though its connection stays', async () => {
  setFlagsFromString('--expose-gc')
  const collect = runInNewContext('gc') as () => void
  let seen: WeakRef<DirectRequest> | undefined
  const socket = await connectTo((request, response) => {
    seen = new WeakRef(request)
    const collector = new Collector()
    request.deliver(collector)
    collector.onPart = () => setImmediate(() => response.end())
  })
  socket.write(post('x'))
  await answers(socket, 1)
  for (let left = 50; left > 0 && seen?.deref() !== undefined; left--) {
    await turn()
    collect()
  }
  expect(socket.destroyed).toBe(false)
  expect(seen?.deref()).toBeUndefined()
})
