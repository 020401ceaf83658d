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

test.each<[string, Partial<InvokeCommandInput>, string, number, RegExp]>([
  ['an unknown function', { FunctionName: 'nobody' }, 'ResourceNotFoundException', 404, /function:nobody/],
  [
    'another region',
    { FunctionName: 'arn:aws:lambda:eu-west-1:000000000000:function:echo' },
    'ResourceNotFoundException',
    404,
    /eu-west-1/,
  ],
  [
    'another account',
    { FunctionName: '123456789012:function:echo' },
    'ResourceNotFoundException',
    404,
    /123456789012/,
  ],
  [
    'contradicting qualifiers',
    { FunctionName: 'echo:live', Qualifier: 'test' },
    'InvalidParameterValueException',
    400,
    /derived qualifier/,
  ],
  ['a malformed name', { FunctionName: 'a b' }, 'InvalidParameterValueException', 400, /FunctionName "a b"/],
  [
    'a payload that is not JSON',
    { Payload: '{oops' },
    'InvalidRequestContentException',
    400,
    /parse request body/,
  ],
  [
    'a payload that is not UTF-8',
    { Payload: Uint8Array.of(34, 255, 34) },
    'InvalidRequestContentException',
    400,
    /parse/,
  ],
  [
    'a client context that is not JSON',
    { ClientContext: 'AAAA' },
    'InvalidRequestContentException',
    400,
    /Client context/,
  ],
  [
    'a log type that does not exist',
    { LogType: 'Head' as 'Tail' },
    'InvalidParameterValueException',
    400,
    /expected None, Tail/,
  ],
  [
    'an invocation type that does not exist',
    { InvocationType: 'Later' as 'Event' },
    'InvalidParameterValueException',
    400,
    /Later/,
  ],
])('%s is refused', async (_what, input, name, status, message) => {
  const { client } = await startLambda([makeFunction(ECHO, { name: 'echo' })])
  await expect(client.send(new InvokeCommand({ FunctionName: 'echo', ...input }))).rejects.toMatchObject({
    name,
    message: expect.stringMatching(message),
    $metadata: { httpStatusCode: status, requestId: expect.stringMatching(/^[0-9a-f-]{36}$/) },
  })
})

test('requests are taken up to 6,291,556 bytes, asynchronous ones up to 1 MiB', async () => {
  const length = makeFunction('export const handler = async (event) => event.length')
  const { client } = await startLambda([length])
  expect(payloadOf(await client.send(sized(6_291_556)))).toBe(6_291_554)
  await expect(client.send(sized(6_291_557))).rejects.toMatchObject({ name: 'RequestTooLargeException' })
  await expect(client.send(sized(1_048_577, 'Event'))).rejects.toMatchObject({
    name: 'RequestTooLargeException',
  })

  function sized(bytes: number, InvocationType?: 'Event'): InvokeCommand {
    return new InvokeCommand({
      FunctionName: length.name,
      Payload: `"${'x'.repeat(bytes - 2)}"`,
      InvocationType,
    })
  }
})

test('responses are taken up to 6,291,556 bytes; after a larger one the environment serves on', async () => {
  const sized = makeFunction('export const handler = async (event) => "x".repeat(event.bytes - 2)')
  const { client, events } = await startLambda([sized])
  const fits = await send(6_291_556)
  expect(fits.Payload?.length).toBe(6_291_556)
  const exceeds = await send(6_291_557)
  expect(exceeds.FunctionError).toBe('Unhandled')
  expect(payloadOf(exceeds)).toEqual({
    errorType: 'Function.ResponseSizeTooLarge',
    errorMessage: 'Response payload size exceeded maximum allowed payload size (6291556 bytes).',
  })
  expect(payloadOf(await send(10))).toBe('xxxxxxxx')
  expect(events.filter(({ type }) => type === 'environment-started')).toHaveLength(1)

  function send(bytes: number): Promise<InvokeCommandOutput> {
    return client.send(new InvokeCommand({ FunctionName: sized.name, Payload: JSON.stringify({ bytes }) }))
  }
})

test('other operations of the service are refused by name', async () => {
  const { lambda } = await startLambda([])
  const response = await fetch(`${lambda.url}/2015-03-31/functions/`)
  expect(response.status).toBe(404)
  expect(response.headers.get('x-amzn-errortype')).toBe('UnknownOperationException')
  expect(await response.json()).toEqual({
    Type: 'User',
    Message: 'GET /2015-03-31/functions/: expected Invoke or InvokeWithResponseStream',
  })
})

test('all mistakes in the definitions are reported together', async () => {
  const first = { ...makeFunction(ECHO, { name: 'first' }), runtime: 'cobol', codeDir: '/no/such/place' }
  const second = makeFunction(ECHO, { name: 'second', timeoutMs: 0, reservedConcurrency: -1 })
  await expect(startLambda([first, second, second])).rejects.toThrow(
    [
      'function first: codeDir: expected an existing directory, got "/no/such/place"',
      'function first: runtime: expected nodejs<version>.x or python3.<version> or java<version> or provided.al2 or provided.al2023, got "cobol"',
      'function second: timeoutMs: expected 1 to 900000, got 0',
      'function second: reservedConcurrency: expected a whole number from 0, got -1',
    ].join('\n'),
  )
})
