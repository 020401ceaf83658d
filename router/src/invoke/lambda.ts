import {
  InvokeCommand,
  InvokeWithResponseStreamCommand,
  type InvokeWithResponseStreamResponseEvent,
  LambdaClient,
} from '@aws-sdk/client-lambda'
import { NodeHttpHandler } from '@smithy/node-http-handler'
import { InvokeError, type InvokeRequest, type InvokeResult, type Invoker } from './invoker.ts'

/** Longest time to open a connection to Lambda. Answers have no limit of their own: clients' timeouts end the call. */
const CONNECT_TIMEOUT_MS = 3000

/**
 * Invokes functions through the AWS SDK, one client per region of the targets. Connections stay open, as many as there
 * may be invocations at once, so that none waits for a socket. The SDK's own retries are off: see `retry.ts`.
 */
export function createLambdaInvoker(maxConnections: number): Invoker {
  const clients = new Map<string, LambdaClient>()
  const clientFor = (region: string): LambdaClient => {
    const client = clients.get(region) ?? createClient(region, maxConnections)
    clients.set(region, client)
    return client
  }
  return {
    async invoke(request) {
      const client = clientFor(request.target.region)
      try {
        return request.mode === 'buffered' ? await buffered(client, request) : await streamed(client, request)
      } catch (error) {
        throw asInvokeError(error)
      }
    },
    close() {
      for (const client of clients.values()) client.destroy()
    },
  }
}

function createClient(region: string, maxConnections: number): LambdaClient {
  const agent = { keepAlive: true, maxSockets: maxConnections, maxFreeSockets: maxConnections }
  return new LambdaClient({
    region,
    maxAttempts: 1,
    requestHandler: new NodeHttpHandler({
      connectionTimeout: CONNECT_TIMEOUT_MS,
      httpAgent: agent,
      httpsAgent: agent,
      // More requests than sockets is what the permits rule out; the handler's warning would be noise.
      socketAcquisitionWarningTimeout: 60_000,
    }),
  })
}

function input({ target, payload, tenantId }: InvokeRequest) {
  return {
    FunctionName: target.arn,
    Payload: payload,
    ...(tenantId === undefined ? {} : { TenantId: tenantId }),
  }
}

async function buffered(client: LambdaClient, request: InvokeRequest): Promise<InvokeResult> {
  const { FunctionError, Payload } = await client.send(new InvokeCommand(input(request)), {
    abortSignal: request.signal,
  })
  const payload = Payload ?? new Uint8Array()
  if (FunctionError !== undefined) {
    throw new InvokeError(
      'function_error',
      `${FunctionError}: ${Buffer.from(payload).toString('utf8', 0, 2048)}`,
    )
  }
  return { kind: 'buffered', payload }
}

async function streamed(client: LambdaClient, request: InvokeRequest): Promise<InvokeResult> {
  const command = new InvokeWithResponseStreamCommand(input(request))
  const { EventStream } = await client.send(command, { abortSignal: request.signal })
  if (EventStream === undefined) throw new InvokeError('transport', 'the response has no event stream')
  return { kind: 'stream', chunks: payloadChunks(EventStream) }
}

/** The payload of a response stream. A stream that ends without `InvokeComplete` is a broken connection. */
async function* payloadChunks(
  events: AsyncIterable<InvokeWithResponseStreamResponseEvent>,
): AsyncGenerator<Uint8Array> {
  let complete = false
  try {
    for await (const { PayloadChunk, InvokeComplete } of events) {
      if (PayloadChunk?.Payload !== undefined && PayloadChunk.Payload.length > 0) yield PayloadChunk.Payload
      if (InvokeComplete === undefined) continue
      complete = true
      const { ErrorCode, ErrorDetails } = InvokeComplete
      if (ErrorCode !== undefined)
        throw new InvokeError('function_error', `${ErrorCode}: ${ErrorDetails ?? ''}`)
    }
  } catch (error) {
    throw asInvokeError(error)
  }
  if (!complete) throw new InvokeError('transport', 'the response stream ended without InvokeComplete')
}

interface SdkError {
  name: string
  message: string
  $metadata?: { httpStatusCode?: number }
}

/** Names are the SDK's; statuses are for services that name an error differently, and for those yet to come. */
function asInvokeError(error: unknown): InvokeError {
  if (error instanceof InvokeError) return error
  const { name = 'Error', message = String(error), $metadata } = (error ?? {}) as Partial<SdkError>
  const status = $metadata?.httpStatusCode
  const detail = `${name}: ${message}`
  if (name === 'TooManyRequestsException' || name === 'EC2ThrottledException' || status === 429) {
    return new InvokeError('throttle', detail, error)
  }
  if (status !== undefined && status >= 400 && status < 500 && !TRANSIENT.has(name)) {
    return new InvokeError('rejected', detail, error)
  }
  return new InvokeError('transport', detail, error)
}

/** Answers of the 4xx range that time alone may mend. */
const TRANSIENT = new Set([
  'ResourceConflictException',
  'SnapStartNotReadyException',
  'SnapStartTimeoutException',
  'EFSMountTimeoutException',
  'EFSMountConnectivityException',
])
