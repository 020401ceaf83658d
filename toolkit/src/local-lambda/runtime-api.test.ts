import { InvokeCommand, InvokeWithResponseStreamCommand } from '@aws-sdk/client-lambda'
import { afterAll, afterEach, beforeAll, expect, test } from '@jest/globals'
import type { LocalFunction, RuntimeLauncher } from './api.ts'
import {
  buildNodeRuntime,
  makeFunction,
  removeTemporaryFiles,
  startLambda,
  stopLambdas,
  type TestLambda,
} from './test-functions.ts'

// These functions bring their own runtime: a script that speaks the Runtime API by hand.

/** What every script begins with: calls of the API that answer with status and error type. */
const PRELUDE = `
  import { request } from 'node:http'
  const base = 'http://' + process.env.AWS_LAMBDA_RUNTIME_API + '/2018-06-01/runtime'
  const next = async () => {
    const response = await fetch(base + '/invocation/next')
    return { id: response.headers.get('lambda-runtime-aws-request-id'), headers: response.headers, event: await response.json() }
  }
  const post = async (path, body, headers = {}) => {
    const response = await fetch(base + path, { method: 'POST', body, headers })
    return [response.status, (await response.json()).errorType ?? 'OK']
  }
  const stream = (path, chunks, trailers, headers = {}) => new Promise((resolve, reject) => {
    const call = request(base + path, { method: 'POST', headers: {
      'Lambda-Runtime-Function-Response-Mode': 'streaming', 'Transfer-Encoding': 'chunked', ...headers,
    } }, (response) => response.resume().on('end', () => resolve(response.statusCode)))
    call.on('error', reject)
    for (const chunk of chunks) call.write(chunk)
    if (trailers) call.addTrailers(trailers)
    call.end()
  })
  const report = []
`

const rawRuntime: RuntimeLauncher = {
  runtimes: 'raw',
  supports: (runtime) => runtime === 'raw',
  commandLine: ({ codeDir }) => ({ command: process.execPath, args: [`${codeDir}/runtime.mjs`] }),
}

beforeAll(buildNodeRuntime)
afterEach(stopLambdas)
afterAll(removeTemporaryFiles)

test('next carries everything that Lambda says about an invocation', async () => {
  const { invoke } = await startRaw(`
    const { id, headers, event } = await next()
    await post('/invocation/' + id + '/response', JSON.stringify({ event, headers: Object.fromEntries(headers) }))
    await next()`)
  const before = Date.now()
  const { payload, requestId } = await invoke({ a: 1 })
  expect(payload).toEqual({
    event: { a: 1 },
    headers: expect.objectContaining({
      'content-type': 'application/json',
      'lambda-runtime-aws-request-id': requestId,
      'lambda-runtime-deadline-ms': expect.stringMatching(/^\d{13}$/),
      'lambda-runtime-invocation-id': expect.stringMatching(/^[0-9a-f-]{36}$/),
      'lambda-runtime-invoked-function-arn': 'arn:aws:lambda:us-east-1:000000000000:function:raw',
      'lambda-runtime-trace-id': expect.stringMatching(/^Root=1-[0-9a-f]{8}-[0-9a-f]{24};Sampled=0$/),
    }),
  })
  const deadline = Number(
    (payload as { headers: Record<string, string> }).headers['lambda-runtime-deadline-ms'],
  )
  expect(deadline).toBeGreaterThanOrEqual(before + 20_000)
})

test('the runtime gets the variables that Lambda sets, and none of the machine', async () => {
  const { invoke } = await startRaw(
    `const { id } = await next()
     await post('/invocation/' + id + '/response', JSON.stringify({ env: process.env, cwd: process.cwd() }))
     await next()`,
    { environment: { OWN: 'value', AWS_REGION: 'eu-west-1', AWS_LAMBDA_FUNCTION_NAME: 'other' } },
  )
  const { payload } = await invoke()
  const { env, cwd } = payload as { env: Record<string, string>; cwd: string }
  expect(env).toEqual({
    OWN: 'value',
    _HANDLER: 'app.handler',
    AWS_ACCESS_KEY_ID: 'local',
    AWS_DEFAULT_REGION: 'us-east-1',
    AWS_EXECUTION_ENV: 'AWS_Lambda_raw',
    AWS_LAMBDA_FUNCTION_MEMORY_SIZE: '128',
    AWS_LAMBDA_FUNCTION_NAME: 'raw',
    AWS_LAMBDA_FUNCTION_VERSION: '$LATEST',
    AWS_LAMBDA_INITIALIZATION_TYPE: 'on-demand',
    AWS_LAMBDA_LOG_GROUP_NAME: '/aws/lambda/raw',
    AWS_LAMBDA_LOG_STREAM_NAME: expect.stringMatching(/^[0-9a-f]{32}$/),
    AWS_LAMBDA_RUNTIME_API: expect.stringMatching(/^127\.0\.0\.1:\d+$/),
    AWS_REGION: 'eu-west-1',
    AWS_SECRET_ACCESS_KEY: 'local',
    AWS_SESSION_TOKEN: 'local',
    LAMBDA_RUNTIME_DIR: '/var/runtime',
    LAMBDA_TASK_ROOT: cwd,
    LANG: 'en_US.UTF-8',
    PATH: expect.any(String),
    TZ: ':UTC',
  })
})

test('calls that do not fit are refused, and do no harm', async () => {
  const { invoke } = await startRaw(`
    const { id, headers } = await next()
    const path = '/invocation/' + id
    report.push(['wrong id', await post('/invocation/00000000-0000-0000-0000-000000000000/response', '1')])
    report.push(['wrong invocation id', await post(path + '/response', '1', { 'Lambda-Runtime-Invocation-Id': 'other' })])
    report.push(['wrong mode', await post(path + '/response', '1', { 'Lambda-Runtime-Function-Response-Mode': 'fast' })])
    report.push(['init error too late', await post('/init/error', '{}')])
    report.push(['next too early', (await fetch(base + '/invocation/next')).status])
    report.push(['no such call', await post('/restore/error', '{}')])
    const own = { 'Lambda-Runtime-Invocation-Id': headers.get('lambda-runtime-invocation-id') }
    report.push(['response', await post(path + '/response', '"done"', own)])
    report.push(['second response', await post(path + '/response', '1')])
    report.push(['error after response', await post(path + '/error', '{}')])
    const second = await next()
    report.push(['response of an earlier one', await post(path + '/response', '1')])
    await post('/invocation/' + second.id + '/response', JSON.stringify(report))
    await next()`)
  expect((await invoke()).payload).toBe('done')
  expect((await invoke()).payload).toEqual([
    ['wrong id', [400, 'InvalidRequestID']],
    ['wrong invocation id', [400, 'InvalidInvocationId']],
    ['wrong mode', [400, 'InvalidFunctionResponseMode']],
    ['init error too late', [403, 'InvalidStateTransition']],
    ['next too early', 403],
    ['no such call', [404, 'NotFound']],
    ['response', [202, 'OK']],
    ['second response', [403, 'InvalidStateTransition']],
    ['error after response', [403, 'InvalidStateTransition']],
    ['response of an earlier one', [400, 'InvalidRequestID']],
  ])
})

test('a response that is too large is refused with 413, and told to the caller', async () => {
  const { invoke } = await startRaw(`
    const { id } = await next()
    report.push(await post('/invocation/' + id + '/response', 'x'.repeat(6_291_557)))
    const second = await next()
    await post('/invocation/' + second.id + '/response', JSON.stringify(report))
    await next()`)
  expect(await invoke()).toMatchObject({
    functionError: 'Unhandled',
    payload: { errorType: 'Function.ResponseSizeTooLarge' },
  })
  expect((await invoke()).payload).toEqual([[413, 'RequestEntityTooLarge']])
})

test('an error report reaches the caller as it is, whatever it holds', async () => {
  const { invoke } = await startRaw(`
    const one = await next()
    await post('/invocation/' + one.id + '/error', '{"errorType":"E","errorMessage":"m","stackTrace":["t"],"more":1}')
    const two = await next()
    await post('/invocation/' + two.id + '/error', 'not json', { 'Lambda-Runtime-Function-Error-Type': 'Function.Odd' })
    await next()`)
  expect(await invoke()).toMatchObject({
    functionError: 'Unhandled',
    payload: { errorType: 'E', errorMessage: 'm', stackTrace: ['t'], more: 1 },
  })
  expect((await invoke()).payload).toEqual({ errorType: 'Function.Odd', errorMessage: 'not json' })
})

test('a failure of initialisation is told to the caller, also without an end of the process', async () => {
  const { invoke, test: lambda } = await startRaw(`
    await post('/init/error', '{"errorType":"Runtime.Custom","errorMessage":"no database"}')
    setInterval(() => {}, 1000)`)
  const expected = {
    functionError: 'Unhandled',
    payload: { errorType: 'Runtime.Custom', errorMessage: 'no database' },
  }
  expect(await invoke()).toMatchObject(expected)
  expect(await invoke()).toMatchObject(expected)
  expect(lambda.events.filter(({ type }) => type === 'environment-started')).toHaveLength(2)
})

test('a process that ends before it is ready is Runtime.ExitError', async () => {
  const { invoke } = await startRaw('process.exit(7)')
  const { payload, requestId } = await invoke()
  expect(payload).toEqual({
    errorType: 'Runtime.ExitError',
    errorMessage: `RequestId: ${requestId} Error: Runtime exited with error: exit status 7`,
  })
})

test('errors in trailers end a stream with their type and text', async () => {
  const { test: lambda } = await startRaw(`
    const { id } = await next()
    const body = Buffer.from('{"errorType":"Late","errorMessage":"too bad"}').toString('base64')
    await stream('/invocation/' + id + '/response', ['a', 'b'], {
      'Lambda-Runtime-Function-Error-Type': 'Late', 'Lambda-Runtime-Function-Error-Body': body,
    }, { Trailer: 'Lambda-Runtime-Function-Error-Type, Lambda-Runtime-Function-Error-Body', 'Content-Type': 'text/x' })
    await next()`)
  const output = await lambda.client.send(new InvokeWithResponseStreamCommand({ FunctionName: 'raw' }))
  const events: unknown[] = []
  for await (const event of output.EventStream ?? []) events.push(event)
  expect(events.at(-1)).toEqual({
    InvokeComplete: { ErrorCode: 'Late', ErrorDetails: '{"errorType":"Late","errorMessage":"too bad"}' },
  })
})

test('a runtime that works on after its answer does not keep the caller waiting', async () => {
  const { invoke } = await startRaw(`
    const { id } = await next()
    await post('/invocation/' + id + '/response', '"early"')
    setInterval(() => {}, 1000)`)
  expect((await invoke()).payload).toBe('early')
})

interface Raw {
  test: TestLambda
  invoke(event?: unknown): Promise<{ payload: unknown; functionError?: string; requestId?: string }>
}

async function startRaw(script: string, more: Partial<LocalFunction> = {}): Promise<Raw> {
  const definition = makeFunction(
    { 'runtime.mjs': PRELUDE + script },
    { name: 'raw', runtime: 'raw', ...more },
  )
  const lambda = await startLambda([definition], { launchers: [rawRuntime] })
  return {
    test: lambda,
    async invoke(event = {}) {
      const command = new InvokeCommand({ FunctionName: 'raw', Payload: JSON.stringify(event) })
      const { Payload, FunctionError, $metadata } = await lambda.client.send(command)
      return {
        payload: JSON.parse(Buffer.from(Payload ?? []).toString('utf8')),
        ...(FunctionError !== undefined && { functionError: FunctionError }),
        ...($metadata.requestId !== undefined && { requestId: $metadata.requestId }),
      }
    },
  }
}
