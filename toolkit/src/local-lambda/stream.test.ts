import { chmodSync } from 'node:fs'
import {
  InvokeWithResponseStreamCommand,
  type InvokeWithResponseStreamCommandInput,
  type InvokeWithResponseStreamCompleteEvent,
  type LambdaClient,
} from '@aws-sdk/client-lambda'
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

test('chunks arrive one by one, while the function still works on the next', async () => {
  const streaming = makeFunction(
    `export const handler = awslambda.streamifyResponse(async (event, stream) => {
       stream.setContentType('text/plain')
       for (const [name, url] of Object.entries(event)) {
         stream.write(name)
         await fetch(url)
       }
       stream.end()
     })`,
  )
  const { client } = await startLambda([streaming])
  const order: string[] = []
  const gates = { one: gate.url('after-one'), two: gate.url('after-two') }
  await stream(client, streaming.name, gates, (chunk) => {
    order.push(chunk)
    // The function waits here until its chunk has been seen: a stream that is held back would never end.
    order.push(`release ${chunk}`)
    gate.release(`after-${chunk}`)
  })
  expect(order).toEqual(['one', 'release one', 'two', 'release two'])
})

test('chunks of a runtime that names no response mode arrive one by one as well', async () => {
  const bootstrap = `#!/usr/bin/env node
    const api = 'http://' + process.env.AWS_LAMBDA_RUNTIME_API + '/2018-06-01/runtime/invocation'
    const next = await fetch(api + '/next')
    const url = await next.json()
    const body = new ReadableStream({
      async start(controller) {
        controller.enqueue(Buffer.from('one'))
        await fetch(url)
        controller.enqueue(Buffer.from('two'))
        controller.close()
      },
    })
    const path = api + '/' + next.headers.get('lambda-runtime-aws-request-id') + '/response'
    await fetch(path, { method: 'POST', body, duplex: 'half' })
    await fetch(api + '/next')`
  const sources = { bootstrap, 'package.json': '{"type":"module"}' }
  const own = makeFunction(sources, { runtime: 'provided.al2023', handler: 'bootstrap' })
  chmodSync(`${own.codeDir}/bootstrap`, 0o755)
  const { client } = await startLambda([own])
  const seen: string[] = []
  await stream(client, own.name, gate.url('after-the-first'), (chunk) => {
    seen.push(chunk)
    gate.release('after-the-first')
  })
  expect(seen).toEqual(['one', 'two'])
})

test('an HTTP response begins with its prelude and eight NUL bytes', async () => {
  const http = makeFunction(
    `export const handler = awslambda.streamifyResponse(async (event, stream) => {
       const prelude = { statusCode: 201, headers: { 'x-a': 'b' }, cookies: ['c=d'] }
       const body = awslambda.HttpResponseStream.from(stream, prelude)
       body.write('hello')
       body.end()
     })`,
  )
  const { client, lambda } = await startLambda([http])
  const { text, complete } = await stream(client, http.name)
  const prelude = '{"statusCode":201,"headers":{"x-a":"b"},"cookies":["c=d"]}'
  expect(text).toBe(`${prelude}${'\0'.repeat(8)}hello`)
  expect(complete).toEqual({})
  const path = `/2021-11-15/functions/${http.name}/response-streaming-invocations`
  const { headers } = await fetch(`${lambda.url}${path}`, { method: 'POST' })
  expect(headers.get('content-type')).toBe('application/vnd.amazon.eventstream')
  expect(headers.get('x-amz-executed-version')).toBe('$LATEST')
  expect(headers.get('x-amzn-remapped-content-type')).toBe(
    'application/vnd.awslambda.http-integration-response',
  )
})

test('a stream that is ended without a write is empty', async () => {
  const silent = makeFunction(
    'export const handler = awslambda.streamifyResponse(async (event, stream) => { stream.end() })',
  )
  const { client } = await startLambda([silent])
  expect(await stream(client, silent.name)).toEqual({ text: '', complete: {} })
})

test('a buffered handler answers the streaming API with its payload', async () => {
  const buffered = makeFunction('export const handler = async (event) => "x".repeat(event.length)')
  const { client } = await startLambda([buffered])
  expect(await stream(client, buffered.name, { length: 3 })).toEqual({ text: '"xxx"', complete: {} })
  const large = await stream(client, buffered.name, { length: 1_000_000 })
  expect(large.text).toBe(`"${'x'.repeat(1_000_000)}"`)
})

test.each([
  ['before the first write', '', ''],
  ['after the first write', 'stream.write("some"); await new Promise(setImmediate);', 'some'],
])('a failure %s is told by InvokeComplete', async (_when, statement, text) => {
  const failing = makeFunction(
    `export const handler = awslambda.streamifyResponse(async (event, stream) => {
       ${statement}
       throw new RangeError('grüße\\nfrom inside')
     })`,
  )
  const { client } = await startLambda([failing])
  const result = await stream(client, failing.name)
  expect(result.text).toBe(text)
  expect(result.complete?.ErrorCode).toBe('RangeError')
  expect(JSON.parse(result.complete?.ErrorDetails ?? '')).toMatchObject({
    errorType: 'RangeError',
    errorMessage: 'grüße\nfrom inside',
    trace: expect.arrayContaining([expect.stringContaining('app.mjs')]),
  })
})

test.each([
  [
    'a source that fails',
    'const { pipeline } = await import("node:stream/promises"); await pipeline(broken(), stream)',
    'Error',
  ],
  ['a destroyed stream', 'stream.destroy()', 'Error'],
  ['a crash', 'process.exit(1)', 'Runtime.ExitError'],
  ['a timeout', 'await new Promise((resolve) => setTimeout(resolve, 3_600_000))', 'Sandbox.Timedout'],
])('%s in mid-stream is told by InvokeComplete', async (_what, statement, errorCode) => {
  const failing = makeFunction(
    `async function* broken() { yield 'more'; throw new Error('broken source') }
     export const handler = awslambda.streamifyResponse(async (event, stream) => {
       await new Promise((resolve) => stream.write('some', resolve))
       ${statement}
     })`,
    { timeoutMs: 1500 },
  )
  const { client } = await startLambda([failing])
  const { text, complete } = await stream(client, failing.name)
  expect(text).toMatch(/^some(more)?$/)
  expect(complete?.ErrorCode).toBe(errorCode)
})

test('a stream that the handler never ends runs into the timeout', async () => {
  const open = makeFunction(
    'export const handler = awslambda.streamifyResponse(async (event, stream) => { stream.write("some") })',
    { timeoutMs: 1500 },
  )
  const { client } = await startLambda([open])
  const { text, complete } = await stream(client, open.name)
  expect([text, complete?.ErrorCode]).toEqual(['some', 'Sandbox.Timedout'])
})

test('errors of the service come as such, before any stream', async () => {
  const { client } = await startLambda([
    makeFunction('export const handler = async () => 1', { name: 'one' }),
  ])
  await expect(stream(client, 'nobody')).rejects.toMatchObject({ name: 'ResourceNotFoundException' })
  const later = { FunctionName: 'one', InvocationType: 'Event' as 'RequestResponse' }
  await expect(client.send(new InvokeWithResponseStreamCommand(later))).rejects.toMatchObject({
    name: 'InvalidParameterValueException',
    message: 'InvocationType "Event": expected RequestResponse, DryRun',
  })
})

test('DryRun checks the function and does not run it', async () => {
  const { lambda, events } = await startLambda([makeFunction('', { name: 'one' })])
  const url = `${lambda.url}/2021-11-15/functions/one/response-streaming-invocations`
  const headers = { 'X-Amz-Invocation-Type': 'DryRun' }
  expect((await fetch(url, { method: 'POST', headers })).status).toBe(204)
  expect(events).toEqual([])
})

test('the log comes with InvokeComplete when it is asked for', async () => {
  const chatty = makeFunction(
    `export const handler = awslambda.streamifyResponse(async (event, stream) => {
       console.log('in the log')
       stream.end('out')
     })`,
  )
  const { client } = await startLambda([chatty])
  const { complete } = await stream(client, chatty.name, {}, undefined, { LogType: 'Tail' })
  expect(Buffer.from(complete?.LogResult ?? '', 'base64').toString()).toContain('in the log\nEND RequestId')
})

interface Streamed {
  text: string
  complete: InvokeWithResponseStreamCompleteEvent | undefined
}

async function stream(
  client: LambdaClient,
  FunctionName: string,
  event: unknown = {},
  onChunk?: (text: string) => void,
  more: Partial<InvokeWithResponseStreamCommandInput> = {},
): Promise<Streamed> {
  const Payload = JSON.stringify(event)
  const output = await client.send(new InvokeWithResponseStreamCommand({ FunctionName, Payload, ...more }))
  const chunks: Uint8Array[] = []
  let complete: InvokeWithResponseStreamCompleteEvent | undefined
  for await (const { PayloadChunk, InvokeComplete } of output.EventStream ?? []) {
    if (PayloadChunk?.Payload !== undefined) {
      chunks.push(PayloadChunk.Payload)
      onChunk?.(Buffer.from(PayloadChunk.Payload).toString('utf8'))
    }
    if (InvokeComplete !== undefined) complete = InvokeComplete
  }
  return { text: Buffer.concat(chunks).toString('utf8'), complete }
}
