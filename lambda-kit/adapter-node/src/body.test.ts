import { Readable } from 'node:stream'
import fc from 'fast-check'
import { gate, turns } from '../tests/support.ts'
import { type Chunk, collectBody, encodeChunk, MAX_CHUNK_LENGTH, openBody, readPieces } from './body.ts'
import { Cancellation } from './cancellation.ts'

const never = new Cancellation()

async function piecesOf(value: unknown, signal = never): Promise<Chunk[]> {
  const pieces: Chunk[] = []
  for await (const piece of readPieces(openBody(value, false), signal)) pieces.push(piece)
  return pieces
}

/** A source that says how it was ended. */
function watched(values: unknown[], end: 'done' | 'hang' | 'throw' = 'done') {
  const state = { returned: 0 }
  const left = [...values]
  const body = {
    [Symbol.asyncIterator]: () => ({
      next: async () => {
        if (left.length > 0) return { done: false, value: left.shift() }
        if (end === 'throw') throw new Error('source broke')
        if (end === 'hang') await new Promise(() => {})
        return { done: true, value: undefined }
      },
      return: async () => {
        state.returned += 1
        return { done: true, value: undefined }
      },
    }),
  }
  return { body, state }
}

test('pieces come one by one, empty and missing ones not at all', async () => {
  expect(await piecesOf(['a', '', null, undefined, 'b', 3, { c: 4 }])).toEqual(['a', 'b', '3', '{"c":4}'])
  expect(await piecesOf(undefined)).toEqual([])
  expect(await piecesOf('')).toEqual([])
})

test('a piece is handed on before the next one is asked for', async () => {
  const second = gate()
  async function* body() {
    yield 'first'
    await second.promise
    yield 'second'
  }
  const pieces = readPieces(openBody(body(), false), never)
  expect(await pieces.next()).toEqual({ done: false, value: 'first' })
  second.open()
  expect(await pieces.next()).toEqual({ done: false, value: 'second' })
})

test('no record is longer than 1 MB, whatever the body is made of', () => {
  const worst = ['\u0000', '\u20ac', '\ud83d\ude00', '\\'].map((unit) => unit.repeat(3 * MAX_CHUNK_LENGTH))
  const bodies: Chunk[] = [...worst, Buffer.alloc(3 * MAX_CHUNK_LENGTH + 1, 0xff)]
  return Promise.all(
    bodies.map(async (body) => {
      const pieces = await piecesOf(body)
      expect(pieces.length).toBeGreaterThan(2)
      for (const piece of pieces) {
        expect(Buffer.byteLength(JSON.stringify(encodeChunk(piece)))).toBeLessThan(1_000_000)
      }
      const arrived = Buffer.concat(pieces.map((piece) => Buffer.from(piece as string)))
      expect(arrived.equals(Buffer.from(body as string))).toBe(true)
    }),
  )
})

test('a surrogate pair that the source cut in two arrives whole', async () => {
  const grin = '\ud83d\ude00'
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.constantFrom('a', grin, 'é')),
      fc.array(fc.nat({ max: 30 })),
      async (parts, cuts) => {
        const text = parts.join('')
        const places = [0, ...cuts.filter((cut) => cut < text.length).sort((a, b) => a - b), text.length]
        const slices = places.slice(1).map((end, index) => text.slice(places[index], end))
        const pieces = (await piecesOf(slices)).map((piece) => encodeChunk(piece).body)
        expect(pieces.join('')).toBe(text)
      },
    ),
  )
})

test('half a pair that stays alone is replaced, before bytes and at the end', async () => {
  const pieces = await piecesOf(['a\ud83d', Buffer.from('b'), 'c\ud83d'])
  expect(pieces.map(encodeChunk)).toEqual([
    { body: 'a', isBase64Encoded: false },
    { body: '\ufffd', isBase64Encoded: false },
    { body: 'Yg==', isBase64Encoded: true },
    { body: 'c', isBase64Encoded: false },
    { body: '\ufffd', isBase64Encoded: false },
  ])
})

test('pieces of base64 text are decoded each for itself', async () => {
  expect(await collectBody(openBody(['aA==', 'aQ=='], true), never)).toEqual(Buffer.from('hi'))
})

test('a source that was read to its end is not closed again', async () => {
  const { body, state } = watched(['a'])
  expect(await piecesOf(body)).toEqual(['a'])
  expect(state.returned).toBe(0)
})

test('a source is closed when its reader stops early', async () => {
  const { body, state } = watched(['a', 'b'])
  const pieces = readPieces(openBody(body, false), never)
  await pieces.next()
  await pieces.return(undefined)
  expect(state.returned).toBe(1)
})

test('a source is closed when one of its pieces cannot be sent', async () => {
  const { body, state } = watched(['a', () => 'b'])
  await expect(piecesOf(body)).rejects.toThrow(/got a function/)
  expect(state.returned).toBe(1)
})

test('an abort ends the wait for a source that gives nothing, and closes it', async () => {
  const { body, state } = watched([], 'hang')
  const abort = new Cancellation()
  const reading = piecesOf(body, abort)
  abort.cancel(new Error('gone'))
  await expect(reading).rejects.toThrow('gone')
  expect(state.returned).toBe(1)
})

test('a generator that waits does not keep the reader waiting, and is closed when it goes on', async () => {
  const hold = gate()
  let cleanedUp = false
  async function* body() {
    try {
      await hold.promise
      yield 'late'
    } finally {
      cleanedUp = true
    }
  }
  const abort = new Cancellation()
  const reading = piecesOf(body(), abort)
  abort.cancel(new Error('gone'))
  await expect(reading).rejects.toThrow('gone')
  hold.open()
  await turns()
  expect(cleanedUp).toBe(true)
})

test('an abort destroys a Node stream that gives nothing', async () => {
  const body = new Readable({ read() {} })
  const abort = new Cancellation()
  const reading = piecesOf(body, abort)
  abort.cancel(new Error('gone'))
  await expect(reading).rejects.toThrow('gone')
  expect(body.destroyed).toBe(true)
})

test('an abort cancels a web stream that gives nothing', async () => {
  const cancelled = gate()
  const body = new ReadableStream({ cancel: () => cancelled.open() })
  const abort = new Cancellation()
  const reading = piecesOf(body, abort)
  abort.cancel(new Error('gone'))
  await expect(reading).rejects.toThrow('gone')
  await cancelled.promise
})

test('the error of a source comes through', async () => {
  await expect(piecesOf(watched(['a'], 'throw').body)).rejects.toThrow('source broke')
})

test('a Node stream that fails before it is read harms nobody but its own reader', async () => {
  const stream = new Readable({ read() {} })
  const body = openBody(stream, false)
  stream.destroy(new Error('no such file'))
  await turns()
  await expect(collectBody(body, never)).rejects.toThrow('no such file')
})
