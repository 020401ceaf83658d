import type { IncomingMessage } from 'node:http'
import { request } from 'node:http'
import { afterAll, afterEach, beforeAll, expect, test } from '@jest/globals'
import {
  buildNodeRuntime,
  type Gate,
  makeFunction,
  removeTemporaryFiles,
  startGate,
  startLambda,
  stopLambdas,
} from './test-functions.ts'

let gate: Gate
beforeAll(buildNodeRuntime)
beforeAll(async () => {
  gate = await startGate()
})
afterEach(stopLambdas)
afterAll(async () => {
  await gate.close()
  removeTemporaryFiles()
})

test('a caller that leaves does not stop the function', async () => {
  const streaming = makeFunction(
    `export const handler = awslambda.streamifyResponse(async (event, stream) => {
       stream.write('first')
       await fetch(event.url)
       for (let i = 0; i < 100; i += 1) await new Promise((resolve) => stream.write('x'.repeat(100_000), resolve))
       console.log('ran to its end')
       stream.end()
     })`,
  )
  let finished: (text: string) => void = () => undefined
  const log = new Promise<string>((resolve) => {
    finished = resolve
  })
  const { lambda } = await startLambda([streaming], { onLog: ({ text }) => finished(text) })
  const response = await openStream(lambda.url, streaming.name, { url: gate.url('leave') })
  await new Promise((resolve) => response.once('data', resolve))
  response.destroy()
  await gate.arrivals('leave')
  gate.release('leave')
  expect(await log).toBe('ran to its end')
})

test('a caller that does not read makes the function wait', async () => {
  const streaming = makeFunction(
    `export const handler = awslambda.streamifyResponse(async (event, stream) => {
       for (let i = 0; i < 640; i += 1) {
         if (stream.write(Buffer.alloc(100_000))) continue
         // A reader that takes everything never keeps the function waiting for so long.
         const reported = setTimeout(() => void fetch(event.stalled), 1000)
         await new Promise((resolve) => stream.once('drain', resolve))
         clearTimeout(reported)
       }
       stream.end()
       await fetch(event.done)
     })`,
  )
  const { lambda } = await startLambda([streaming])
  gate.release('stalled')
  gate.release('done')
  const event = { stalled: gate.url('stalled'), done: gate.url('done') }
  const response = await openStream(lambda.url, streaming.name, event)
  const first = await Promise.race([
    gate.arrivals('stalled').then(() => 'stalled'),
    gate.arrivals('done').then(() => 'done'),
  ])
  expect(first).toBe('stalled')
  let size = 0
  for await (const chunk of response) size += (chunk as Buffer).length
  expect(size).toBeGreaterThan(64_000_000)
  await gate.arrivals('done')
})

/** The raw response, to be read or not. */
function openStream(url: string, name: string, event: unknown): Promise<IncomingMessage> {
  return new Promise((resolve, reject) => {
    const path = `${url}/2021-11-15/functions/${name}/response-streaming-invocations`
    request(path, { method: 'POST', agent: false }, resolve).once('error', reject).end(JSON.stringify(event))
  })
}
