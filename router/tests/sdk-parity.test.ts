import { createServer, type IncomingHttpHeaders, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { InvokeCommand, InvokeWithResponseStreamCommand, LambdaClient } from '@aws-sdk/client-lambda'
import { type FunctionArn, parseFunctionArn } from '@lpr/contract'
import { Sha256 } from '@smithy/core/checksum'
import { HttpRequest } from '@smithy/core/protocols'
import { SignatureV4 } from '@smithy/signature-v4'
import { createLambdaInvoker, InvokeError, type InvokeRequest, type Invoker } from '../src/index.ts'

/** What a Lambda endpoint gets to see of a call. */
interface Recorded {
  method: string
  path: string
  headers: IncomingHttpHeaders
  body: Buffer
}

interface Reply {
  status?: number
  headers?: Record<string, string>
  body?: string
}

const received: Recorded[] = []
let reply: Reply = {}
let server: Server
let invoker: Invoker
const before = { ...process.env }

beforeEach(async () => {
  received.length = 0
  reply = {}
  server = createServer((request, response) => {
    const parts: Buffer[] = []
    request.on('data', (part: Buffer) => parts.push(part))
    request.on('end', () => {
      const { method = '', url: path = '', headers } = request
      received.push({ method, path, headers, body: Buffer.concat(parts) })
      response.writeHead(reply.status ?? 200, reply.headers)
      response.end(reply.body ?? '{}')
    })
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  Object.assign(process.env, {
    AWS_ENDPOINT_URL_LAMBDA: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    AWS_ACCESS_KEY_ID: 'AKIDEXAMPLE',
    AWS_SECRET_ACCESS_KEY: 'secret',
    AWS_REGION: 'us-east-1',
  })
  invoker = createLambdaInvoker(4)
})

afterEach(async () => {
  invoker.close()
  server.closeAllConnections()
  await new Promise((resolve) => server.close(resolve))
  process.env = { ...before }
})

/** Leaves nothing that the credentials chain could find, but for what is given here. */
function withoutCredentials(variables: Record<string, string> = {}): void {
  Object.assign(process.env, {
    AWS_EC2_METADATA_DISABLED: 'true',
    AWS_SHARED_CREDENTIALS_FILE: '/dev/null',
    AWS_CONFIG_FILE: '/dev/null',
    ...variables,
  })
  delete process.env.AWS_ACCESS_KEY_ID
  delete process.env.AWS_SECRET_ACCESS_KEY
}

function targetOf(arn: string): FunctionArn {
  const target = parseFunctionArn(arn)
  if (target === undefined) throw new Error(`not an ARN: ${arn}`)
  return target
}

const PLAIN = 'arn:aws:lambda:eu-central-1:123456789012:function:orders'
const ALIAS = `${PLAIN}:live`

function requestOf(fields: Partial<InvokeRequest> & { arn?: string } = {}): InvokeRequest {
  return {
    target: targetOf(fields.arn ?? PLAIN),
    mode: 'buffered',
    payload: Buffer.from('{"v":1,"batch":["grüße"]}'),
    tenantId: undefined,
    ...fields,
  }
}

/** The same call through the SDK's own `send`. */
async function sendBySdk({ target, mode, payload, tenantId }: InvokeRequest): Promise<void> {
  const client = new LambdaClient({ region: target.region, maxAttempts: 1 })
  const input = {
    FunctionName: target.arn,
    Payload: payload,
    ...(tenantId === undefined ? {} : { TenantId: tenantId }),
  }
  if (mode === 'buffered') await client.send(new InvokeCommand(input))
  else await client.send(new InvokeWithResponseStreamCommand(input))
  client.destroy()
}

function recorded(index: number): Recorded {
  const call = received[index]
  if (call === undefined) throw new Error(`call ${index} did not arrive, got ${received.length}`)
  return call
}

/** What differs between two calls with good reason: the time, the call's own id, and the signature over both. */
function comparable({ method, path, headers, body }: Recorded): object {
  const volatile = {
    'x-amz-date': expect.stringMatching(/^\d{8}T\d{6}Z$/),
    'amz-sdk-invocation-id': expect.stringMatching(/^[0-9a-f-]{36}$/),
    // The one header of a connection; each client asks for a kept one in its own way.
    connection: expect.anything(),
    authorization: expect.stringContaining((headers.authorization ?? '').split('Signature=')[0] ?? ''),
  }
  return { method, path, body, headers: { ...headers, ...volatile } }
}

/** The signature that AWS would compute from what it received. */
async function signatureOf(call: Recorded): Promise<string> {
  const { method, path, headers, body } = call
  const authorization = headers.authorization ?? ''
  const names = /SignedHeaders=([^,]+)/.exec(authorization)?.[1]?.split(';') ?? []
  const region = authorization.split('/')[2] ?? ''
  const signer = new SignatureV4({
    region,
    service: 'lambda',
    sha256: Sha256,
    credentials: { accessKeyId: 'AKIDEXAMPLE', secretAccessKey: 'secret', ...sessionOf(headers) },
  })
  const signed = Object.fromEntries(names.map((name) => [name, String(headers[name])]))
  const request = new HttpRequest({ method, path, headers: signed, body, hostname: '127.0.0.1' })
  const again = await signer.sign(request, { signingDate: signingDateOf(call) })
  return again.headers.authorization ?? ''
}

function signingDateOf({ headers }: Recorded): Date {
  const basic = String(headers['x-amz-date'])
  return new Date(basic.replace(/(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)Z/, '$1-$2-$3T$4:$5:$6Z'))
}

function sessionOf(headers: IncomingHttpHeaders): { sessionToken?: string } {
  const token = headers['x-amz-security-token']
  return typeof token === 'string' ? { sessionToken: token } : {}
}

describe('a call is the one that the SDK would make', () => {
  const cases: [name: string, request: () => InvokeRequest][] = [
    ['buffered', () => requestOf()],
    ['streaming', () => requestOf({ mode: 'response_stream' })],
    ['of an alias', () => requestOf({ arn: ALIAS })],
    ['for a tenant', () => requestOf({ tenantId: 'tenant 1' })],
    ['with an empty payload', () => requestOf({ payload: new Uint8Array() })],
  ]

  test.each(cases)('%s', async (_name, request) => {
    // The server's answer is no event stream; what goes out is what is looked at.
    const answered = invoker.invoke(request()).answer
    if (request().mode === 'buffered') await answered
    else await expect(answered).rejects.toThrow('without InvokeComplete')
    await sendBySdk(request())
    // Undici leaves the header out, and HTTP/1.1 then means the same.
    recorded(0).headers.connection ??= 'keep-alive'
    expect(recorded(0)).toEqual(comparable(recorded(1)))
    expect(recorded(0).headers.authorization).toBe(await signatureOf(recorded(0)))
  })

  test('also with a session token', async () => {
    process.env.AWS_SESSION_TOKEN = 'token/of+session='
    await invoker.invoke(requestOf()).answer
    expect(recorded(0).headers['x-amz-security-token']).toBe('token/of+session=')
    expect(recorded(0).headers.authorization).toBe(await signatureOf(recorded(0)))
  })

  test('also to an endpoint with a path of its own', async () => {
    process.env.AWS_ENDPOINT_URL_LAMBDA += '/proxy/lambda'
    await invoker.invoke(requestOf({ arn: ALIAS })).answer
    await sendBySdk(requestOf({ arn: ALIAS }))
    expect(recorded(0).path).toMatch(/^\/proxy\/lambda\//)
    expect(recorded(0).path).toBe(recorded(1).path)
  })
})

test('the second call of a function is signed as the first one is, for its own payload and tenant', async () => {
  await invoker.invoke(requestOf({ tenantId: 'a' })).answer
  await invoker.invoke(requestOf({ tenantId: 'b', payload: Buffer.from('another') })).answer
  await invoker.invoke(requestOf({ payload: Buffer.from('a third') })).answer
  for (const call of received) expect(call.headers.authorization).toBe(await signatureOf(call))
  expect(received.map(({ headers }) => headers['x-amz-tenant-id'])).toEqual(['a', 'b', undefined])
  expect(received.map(({ body }) => body.toString())[1]).toBe('another')
  const ids = new Set(received.map(({ headers }) => headers['amz-sdk-invocation-id']))
  expect(ids.size).toBe(3)
})

test('a clock that is wrong is set right by the first answer that tells the time', async () => {
  const anHourAhead = new Date(Date.now() + 3_600_000).toUTCString()
  reply = {
    status: 403,
    headers: { date: anHourAhead, 'x-amzn-errortype': 'InvalidSignatureException' },
    body: '{"message":"Signature expired"}',
  }
  await expect(invoker.invoke(requestOf()).answer).rejects.toThrow('InvalidSignatureException')
  reply = { headers: { date: anHourAhead } }
  await invoker.invoke(requestOf()).answer
  const [first = 0, second = 0] = received.map((call) => signingDateOf(call).getTime())
  // The hour, and whatever this machine took for two calls.
  expect(second - first).toBeGreaterThan(3_000_000)
})

test('credentials that are not there at first are found later', async () => {
  withoutCredentials()
  await expect(invoker.invoke(requestOf()).answer).rejects.toThrow('CredentialsProviderError')
  Object.assign(process.env, { AWS_ACCESS_KEY_ID: 'AKIDEXAMPLE', AWS_SECRET_ACCESS_KEY: 'secret' })
  await invoker.invoke(requestOf()).answer
  expect(recorded(0).headers.authorization).toBe(await signatureOf(recorded(0)))
})

test('credentials that are about to expire are asked for again', async () => {
  let issued = 0
  const metadata = createServer((_request, response) => {
    issued += 1
    const Expiration = new Date(Date.now() + 60_000).toISOString()
    response.end(
      JSON.stringify({ AccessKeyId: `AKID${issued}`, SecretAccessKey: 's', Token: 't', Expiration }),
    )
  })
  await new Promise<void>((resolve) => metadata.listen(0, '127.0.0.1', resolve))
  const { port } = metadata.address() as AddressInfo
  withoutCredentials({ AWS_CONTAINER_CREDENTIALS_FULL_URI: `http://127.0.0.1:${port}/` })
  const accessKey = (): string | undefined =>
    /Credential=(\w+)/.exec(received.at(-1)?.headers.authorization ?? '')?.[1]
  await invoker.invoke(requestOf()).answer
  const first = accessKey()
  // The SDK renews them beside the calls, so it is not the very next one that has them.
  while (accessKey() === first) await invoker.invoke(requestOf()).answer
  expect(Number(accessKey()?.slice(4))).toBeGreaterThan(Number(first?.slice(4)))
  metadata.closeAllConnections()
  metadata.close()
})

test('a trace header is sent with its own call only, and not signed, as the SDK does it', async () => {
  const traceHeader = 'Root=1-5759e988-bd862e3fe1be46a994272793;Parent=53995c3f42cd8ad8;Sampled=1'
  await invoker.invoke(requestOf({ traceHeader })).answer
  await invoker.invoke(requestOf()).answer
  expect(received.map(({ headers }) => headers['x-amzn-trace-id'])).toEqual([traceHeader, undefined])
  expect(recorded(0).headers.authorization).not.toContain('x-amzn-trace-id')
})

describe('an error response is what the SDK makes of it', () => {
  const failures: [name: string, reply: Reply, failure: string, message: string][] = [
    [
      'a throttle',
      {
        status: 429,
        headers: { 'x-amzn-errortype': 'TooManyRequestsException:http://x', 'retry-after': '3' },
        body: '{"message":"Rate exceeded"}',
      },
      'throttle',
      'TooManyRequestsException: Rate exceeded',
    ],
    [
      'an unknown function',
      {
        status: 404,
        headers: { 'x-amzn-errortype': 'ResourceNotFoundException' },
        body: '{"Message":"Function not found"}',
      },
      'rejected',
      'ResourceNotFoundException',
    ],
    [
      'a name in the body',
      { status: 400, body: '{"__type":"a.b#InvalidZipFileException"}' },
      'rejected',
      'Invalid',
    ],
    ['no JSON', { status: 502, body: '<html>bad gateway</html>' }, 'transport', ''],
    ['a redirect', { status: 301, body: '' }, 'transport', ''],
  ]

  test.each(failures)('%s', async (_name, answer, failure, message) => {
    reply = answer
    const error = await invoker.invoke(requestOf()).answer.catch((reason: unknown) => reason)
    expect(error).toBeInstanceOf(InvokeError)
    expect(error).toMatchObject({ failure, message: expect.stringContaining(message) })
  })
})
