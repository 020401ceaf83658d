import { gate, MemoryStream, turns } from '../tests/support.ts'
import { StreamWriter } from './stream-writer.ts'

function fullStream() {
  const stream = new MemoryStream(1)
  stream.hold()
  return { stream, writer: new StreamWriter(stream) }
}

/** Whether a promise is settled by now. */
async function settled(promise: Promise<unknown>): Promise<boolean> {
  let done = false
  const mark = () => {
    done = true
  }
  promise.then(mark, mark)
  await turns()
  return done
}

test('a write waits until a full stream has drained, and so do the writes of others', async () => {
  const { stream, writer } = fullStream()
  const first = writer.write('one')
  const second = writer.write('two')
  expect(await settled(first)).toBe(false)
  expect(stream.text).toBe('one')
  stream.release()
  await Promise.all([first, second])
  expect(stream.text).toBe('onetwo')
})

test('many writers that wait leave one listener each kind on the stream', async () => {
  const { stream, writer } = fullStream()
  const writes = Array.from({ length: 50 }, (_, index) => writer.write(`${index} `))
  await turns()
  expect(stream.listenerCount('drain')).toBe(1)
  expect(stream.listenerCount('error')).toBeLessThanOrEqual(2)
  stream.release()
  await Promise.all(writes)
  expect(stream.text.split(' ')).toHaveLength(51)
})

test('the wait for a full stream ends when it fails', async () => {
  const { stream, writer } = fullStream()
  const writes = [writer.write('one'), writer.write('two')]
  stream.destroy(new Error('connection reset'))
  for (const write of writes) {
    await expect(write).rejects.toMatchObject({
      name: 'StreamGoneError',
      message: 'the response stream failed',
      cause: new Error('connection reset'),
    })
  }
  expect(writer.gone.cancelled).toBe(true)
})

test('the wait for a full stream ends when it is closed', async () => {
  const { stream, writer } = fullStream()
  const write = writer.write('one')
  stream.destroy()
  await expect(write).rejects.toThrow('the response stream was closed before its end')
})

test('a stream that refuses a write outright counts as gone', async () => {
  const stream = new MemoryStream()
  const writer = new StreamWriter(stream)
  stream.write = () => {
    throw new Error('no')
  }
  await expect(writer.write('one')).rejects.toThrow('the response stream refused a write')
})

test('a write to a stream that is gone is refused', async () => {
  const { stream, writer } = fullStream()
  stream.destroy()
  await turns()
  await expect(writer.write('one')).rejects.toThrow('closed before its end')
})

test('the end waits until everything was handed over', async () => {
  const stream = new MemoryStream()
  const writer = new StreamWriter(stream)
  stream.hold()
  await writer.write('one')
  const end = writer.end()
  expect(await settled(end)).toBe(false)
  stream.release()
  await end
  expect(stream.writableFinished).toBe(true)
  await turns()
  expect(writer.gone.cancelled).toBe(false)
})

test('the end does not wait for a stream that fails or is gone', async () => {
  const { stream, writer } = fullStream()
  const write = writer.write('one').catch(() => {})
  const failing = gate()
  const end = writer.end().then(failing.open)
  stream.destroy(new Error('connection reset'))
  await Promise.all([end, write, failing.promise])
  await writer.end()
})
