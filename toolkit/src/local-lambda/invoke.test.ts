import { InvokeCommand, type InvokeCommandInput, type InvokeCommandOutput } from '@aws-sdk/client-lambda'
import { afterAll, afterEach, beforeAll, expect, test } from '@jest/globals'
import {
  buildNodeRuntime,
  makeFunction,
  payloadOf,
  removeTemporaryFiles,
  startLambda,
  stopLambdas,
} from './test-functions.ts'

beforeAll(buildNodeRuntime)
afterEach(stopLambdas)
afterAll(removeTemporaryFiles)

const ECHO = 'export const handler = async (event, context) => ({ event, id: context.awsRequestId })'

test('Invoke answers with what the handler returned', async () => {
  const echo = makeFunction(ECHO)
  const { client } = await startLambda([echo])
  const output = await client.send(new InvokeCommand({ FunctionName: echo.name, Payload: '{"a":1}' }))
  expect(output.StatusCode).toBe(200)
  expect(output.FunctionError).toBeUndefined()
  expect(output.ExecutedVersion).toBe('$LATEST')
  expect(output.LogResult).toBeUndefined()
  expect(payloadOf(output)).toEqual({ event: { a: 1 }, id: output.$metadata.requestId })
})

test('an invocation without a payload gets an empty event, and a handler without a result answers null', async () => {
  const silent = makeFunction(
    'export const handler = async (event) => { console.log(JSON.stringify(event)) }',
  )
  const { client, logs } = await startLambda([silent])
  const output = await client.send(new InvokeCommand({ FunctionName: silent.name }))
  expect(payloadOf(output)).toBeNull()
  expect(logs.map(({ text }) => text)).toEqual(['{}'])
})

test('a handler that throws is a function error with its type, message and trace', async () => {
  const failing = makeFunction('export const handler = async () => { throw new RangeError("too far") }')
  const { client } = await startLambda([failing])
  const output = await client.send(new InvokeCommand({ FunctionName: failing.name }))
  expect(output.StatusCode).toBe(200)
  expect(output.FunctionError).toBe('Unhandled')
  expect(payloadOf(output)).toMatchObject({
    errorType: 'RangeError',
    errorMessage: 'too far',
    trace: expect.arrayContaining([expect.stringContaining('app.mjs')]),
  })
})

test('a function that exceeds its timeout is ended and starts cold the next time', async () => {
  const slow = makeFunction(
    `let calls = 0
     export const handler = async (event) => {
       calls += 1
       if (event.hang) await new Promise((resolve) => setTimeout(resolve, 3_600_000))
       return { calls, pid: process.pid }
     }`,
    { timeoutMs: 1500 },
  )
  const { client, events } = await startLambda([slow])
  const first = await client.send(new InvokeCommand({ FunctionName: slow.name, Payload: '{"hang":true}' }))
  expect(first.FunctionError).toBe('Unhandled')
  expect(payloadOf(first)).toEqual({
    errorType: 'Sandbox.Timedout',
    errorMessage: `RequestId: ${first.$metadata.requestId} Error: Task timed out after 1.50 seconds`,
  })
  const second = await client.send(new InvokeCommand({ FunctionName: slow.name, Payload: '{}' }))
  expect(payloadOf(second)).toMatchObject({ calls: 1 })
  const started = events.filter((event) => event.type === 'invocation-started')
  expect(started.map((event) => event.coldStart)).toEqual([true, true])
})

test.each([
  ['an exit', 'process.exit(3)', 'Runtime exited with error: exit status 3'],
  ['a clean exit', 'process.exit(0)', 'Runtime exited without providing a reason'],
  ['an uncaught exception', 'setTimeout(() => { throw new Error("late") }); await never()', 'exit status 1'],
  ['an unhandled rejection', 'Promise.reject(new Error("lost")); await never()', 'exit status 1'],
  ['a signal', 'process.kill(process.pid, "SIGKILL"); await never()', 'signal: killed'],
  ['a promise that cannot settle', 'await new Promise(() => {})', 'without providing a reason'],
])('%s during an invocation is Runtime.ExitError', async (_what, statement, message) => {
  const never = 'const never = () => new Promise((resolve) => setTimeout(resolve, 3_600_000))'
  const crashing = makeFunction(`${never}
    export const handler = async () => { ${statement} }`)
  const { client } = await startLambda([crashing])
  const output = await client.send(new InvokeCommand({ FunctionName: crashing.name }))
  expect(output.FunctionError).toBe('Unhandled')
  expect(payloadOf(output)).toEqual({
    errorType: 'Runtime.ExitError',
    errorMessage: expect.stringContaining(message),
  })
})

test('everything that the function wrote before it crashed is in the log', async () => {
  const crashing = makeFunction(
    `export const handler = async (lines) => { for (let i = 1; i <= lines; i += 1) console.log(i); process.exit(1) }`,
  )
  const { client, logs } = await startLambda([crashing])
  const command = new InvokeCommand({ FunctionName: crashing.name, Payload: '5000', LogType: 'Tail' })
  const output = await client.send(command)
  expect(logs).toHaveLength(5000)
  expect(logs.at(-1)).toEqual({
    functionName: crashing.name,
    requestId: output.$metadata.requestId,
    stream: 'stdout',
    text: '5000',
  })
  expect(logOf(output)).toContain('4999\n5000\nEND')
})

test('log type Tail returns the last 4 KB of the log, platform lines included', async () => {
  const chatty = makeFunction(
    `export const handler = async () => { for (let i = 0; i < 5000; i += 1) console.log('line', i) }`,
  )
  const { client } = await startLambda([chatty])
  const output = await client.send(new InvokeCommand({ FunctionName: chatty.name, LogType: 'Tail' }))
  const log = logOf(output)
  const id = output.$metadata.requestId
  expect(Buffer.byteLength(log)).toBe(4096)
  expect(log).toContain(`line 4999\nEND RequestId: ${id}\nREPORT RequestId: ${id}\tDuration: `)
  expect(log).not.toContain('line 1\n')
})

test('lines are told apart by the invocation that wrote them', async () => {
  const chatty = makeFunction(
    `console.log('loading')
     export const handler = async (event) => { console.log('hello', event.name); console.error('oh', event.name) }`,
  )
  const { client, logs } = await startLambda([chatty])
  const ids: (string | undefined)[] = []
  for (const name of ['one', 'two']) {
    const output = await client.send(
      new InvokeCommand({ FunctionName: chatty.name, Payload: JSON.stringify({ name }), LogType: 'Tail' }),
    )
    ids.push(output.$metadata.requestId)
    expect(logOf(output)).toContain(`hello ${name}\n`)
  }
  const functionName = chatty.name
  expect(logs.filter(({ stream }) => stream === 'stdout')).toEqual([
    { functionName, stream: 'stdout', text: 'loading' },
    { functionName, requestId: ids[0], stream: 'stdout', text: 'hello one' },
    { functionName, requestId: ids[1], stream: 'stdout', text: 'hello two' },
  ])
  expect(logs.filter(({ stream }) => stream === 'stderr')).toEqual([
    { functionName, requestId: ids[0], stream: 'stderr', text: 'oh one' },
    { functionName, requestId: ids[1], stream: 'stderr', text: 'oh two' },
  ])
})

test('DryRun checks the function and does not run it; Event runs it and does not wait', async () => {
  const echo = makeFunction('export const handler = async (event) => { console.log("ran", event.n) }')
  let ran: () => void = () => undefined
  const done = new Promise<void>((resolve) => {
    ran = resolve
  })
  const { client, events } = await startLambda([echo], { onLog: () => ran() })
  const dry = await invoke({ FunctionName: echo.name, InvocationType: 'DryRun' })
  expect(dry.StatusCode).toBe(204)
  expect(events).toEqual([])
  const queued = await invoke({ FunctionName: echo.name, InvocationType: 'Event', Payload: '{"n":1}' })
  expect(queued.StatusCode).toBe(202)
  await done
  await expect(invoke({ FunctionName: 'missing', InvocationType: 'DryRun' })).rejects.toMatchObject({
    name: 'ResourceNotFoundException',
  })

  function invoke(input: InvokeCommandInput): Promise<InvokeCommandOutput> {
    return client.send(new InvokeCommand(input))
  }
})

test('a name may be a name, a partial ARN or a full ARN, each with a qualifier', async () => {
  const echo = makeFunction('export const handler = async (event, context) => context.invokedFunctionArn', {
    name: 'orders',
  })
  const { client, lambda } = await startLambda([echo])
  const arn = 'arn:aws:lambda:us-east-1:000000000000:function:orders'
  expect(lambda.functionArn('orders')).toBe(arn)
  const cases: [string, string | undefined, string, string][] = [
    ['orders', undefined, arn, '$LATEST'],
    ['orders:live', undefined, `${arn}:live`, '$LATEST'],
    ['000000000000:function:orders', '7', `${arn}:7`, '7'],
    [arn, undefined, arn, '$LATEST'],
    [`${arn}:live`, 'live', `${arn}:live`, '$LATEST'],
    [arn, '$LATEST', `${arn}:$LATEST`, '$LATEST'],
  ]
  for (const [FunctionName, Qualifier, invoked, version] of cases) {
    const output = await client.send(new InvokeCommand({ FunctionName, Qualifier }))
    expect([FunctionName, payloadOf(output), output.ExecutedVersion]).toEqual([
      FunctionName,
      invoked,
      version,
    ])
  }
})

test('client context and tenant id reach the handler', async () => {
  const source =
    'export const handler = async (event, { clientContext, tenantId }) => ({ clientContext, tenantId })'
  const echo = makeFunction(source)
  const { client } = await startLambda([echo])
  const custom = { custom: { greeting: 'grüß dich 👋' } }
  const ClientContext = Buffer.from(JSON.stringify(custom)).toString('base64')
  const output = await client.send(
    new InvokeCommand({ FunctionName: echo.name, ClientContext, TenantId: 'tenant-1' }),
  )
  expect(payloadOf(output)).toEqual({ clientContext: custom, tenantId: 'tenant-1' })
})

test('a streaming handler answers Invoke with all its bytes, or with its failure', async () => {
  const streaming = makeFunction(
    `export const handler = awslambda.streamifyResponse(async (event, stream) => {
       for (const piece of ['{"a"', ':', '1}']) stream.write(piece)
       if (event.fail) throw new TypeError('halfway')
       if (event.bytes) stream.write(' '.repeat(event.bytes))
       stream.end()
     })`,
  )
  const { client } = await startLambda([streaming])
  expect(payloadOf(await send({}))).toEqual({ a: 1 })
  const failed = await send({ fail: true })
  expect(failed.FunctionError).toBe('Unhandled')
  expect(payloadOf(failed)).toMatchObject({ errorType: 'TypeError', errorMessage: 'halfway' })
  expect(payloadOf(await send({ bytes: 6_291_556 }))).toMatchObject({
    errorType: 'Function.ResponseSizeTooLarge',
  })

  function send(event: unknown): Promise<InvokeCommandOutput> {
    return client.send(new InvokeCommand({ FunctionName: streaming.name, Payload: JSON.stringify(event) }))
  }
})

function logOf({ LogResult }: InvokeCommandOutput): string {
  return Buffer.from(LogResult ?? '', 'base64').toString('utf8')
}
